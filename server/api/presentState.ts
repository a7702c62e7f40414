import type { StateEvent } from '../../shared/events/events.ts';
import type { StoredBroadcast } from '../catalog/broadcasts.ts';
import type { StoredEntry } from '../catalog/entries.ts';

/** What a state event of the past would have said, for those who were not there. */
export function presentState(entry: StoredEntry, broadcast: StoredBroadcast | undefined): StateEvent {
  return {
    entryId: entry.id,
    state: entry.state,
    broadcastId: broadcast?.id ?? null,
    at: broadcast?.endedAtMs ?? broadcast?.interruptedAtMs ?? broadcast?.startedAtMs ?? entry.createdAtMs,
  };
}
