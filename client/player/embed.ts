import './page.css';
import { engineNameFrom } from './engines/engines.ts';
import { Player } from './player.ts';
import { fetchEntryPatiently } from './watchedEntry.ts';

/** The embeddable player: `/embed/:entryId?engine=shaka|hlsjs&autoplay=0&muted=1`; with `preview=1` it counts no plays. */
async function main(): Promise<void> {
  const container = document.querySelector<HTMLElement>('#player');
  const entryId = /^\/embed\/([^/]+)/.exec(location.pathname)?.[1];
  if (!container || !entryId) return;
  const query = new URLSearchParams(location.search);
  const entry = await fetchEntryPatiently(entryId);
  if (entry) document.title = entry.name;
  const player = new Player(
    container,
    {
      entryId,
      engine: engineNameFrom(location.search),
      autoplay: query.get('autoplay') !== '0',
      muted: query.get('muted') === '1',
    },
    entry,
  );
  addEventListener('pagehide', () => void player.close());
}

void main();
