import type { EntryState } from '../../shared/model/state.ts';
import type { PublishState } from './publish/publisher.ts';

/** What the page shows: our own connection and what the server says viewers have, in one word. */
export type AirState = 'off' | 'connecting' | 'starting' | 'live' | 'reconnecting' | 'failed';

export function airState(publish: PublishState, entryState: EntryState): AirState {
  if (publish.phase === 'onAir') return entryState === 'live' ? 'live' : 'starting';
  return publish.phase;
}

/** What is said when the state changes, to those who do not see it. */
export const airAnnouncements: Record<AirState, string> = {
  off: '',
  connecting: 'Connecting to the server',
  starting: 'Connected. The stream is being prepared for viewers',
  live: 'You are live',
  reconnecting: 'The connection was lost. Connecting again',
  failed: 'You are off air',
};

/** Why going live is not possible now; null when it is. */
export function startObstacle(entryState: EntryState, hasVideo: boolean): string | null {
  if (entryState === 'live' || entryState === 'starting')
    return 'This entry is on air from another encoder or page. End that broadcast first.';
  return hasVideo ? null : 'There is no picture to send yet.';
}
