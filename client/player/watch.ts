import './page.css';
import './watch.css';
import type { EntryState } from '../../shared/model/state.ts';
import { engineNameFrom } from './engines/engines.ts';
import { Player } from './player.ts';
import { fetchEntryPatiently } from './watchedEntry.ts';

const stateNames: Record<EntryState, string> = {
  idle: 'Offline',
  starting: 'Starting soon',
  live: 'Live',
  interrupted: 'Interrupted',
  ended: 'Ended',
};

/** The page viewers get a link to: the player, and what the producer says about the broadcast. */
async function main(): Promise<void> {
  const find = (selector: string) => document.querySelector<HTMLElement>(selector);
  const [container, title, description, state] = ['#player', '#title', '#description', '#state'].map(find);
  const entryId = /^\/watch\/([^/]+)/.exec(location.pathname)?.[1];
  if (!container || !title || !description || !state || !entryId) return;
  const entry = await fetchEntryPatiently(entryId);
  title.textContent = entry?.name ?? 'Nothing here';
  description.textContent = entry?.description ?? 'There is no broadcast at this address. Check the link.';
  if (entry) document.title = `${entry.name} · Tallylight`;
  const onState = (now: EntryState) => {
    state.textContent = stateNames[now];
    state.dataset['state'] = now;
  };
  const player = new Player(
    container,
    { entryId, engine: engineNameFrom(location.search), autoplay: true, muted: false, onState },
    entry,
  );
  addEventListener('pagehide', () => void player.close());
}

void main();
