import type { Recorded } from '../../../shared/model/entry.ts';

/** What is to be said of a broadcast that should be recorded and is not now. */
export function recordingStopTitle({ entryId }: Pick<Recorded, 'entryId'>): string {
  return entryId === null ? 'This broadcast is not recorded' : 'The recording of this broadcast has stopped';
}
