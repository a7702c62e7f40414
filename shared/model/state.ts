import { z } from 'zod';

/** A broadcast's life: `idle → starting → live → interrupted → live … → ended`. */
export const entryStateSchema = z.enum(['idle', 'starting', 'live', 'interrupted', 'ended']);
export type EntryState = z.infer<typeof entryStateSchema>;

/** A publisher is connected, or is being waited for: settings that shape the media cannot change. */
export function isBroadcasting(state: EntryState): boolean {
  return state === 'starting' || state === 'live' || state === 'interrupted';
}
