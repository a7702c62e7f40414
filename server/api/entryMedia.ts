import type { Recorded } from '../../shared/model/entry.ts';
import type { Track } from '../media/track.ts';
import type { StorageUse } from './entryView.ts';

/** What the control plane asks about an entry's media, live or not. */
export interface EntryMedia {
  /** Of what plays now, or would play. */
  tracks(entryId: string): Promise<readonly Track[]>;
  /** Bytes of each track of what plays, by its id; undefined while that is still on air. */
  trackBytes(entryId: string): Promise<ReadonlyMap<string, number> | undefined>;
  use(entryId: string): Promise<StorageUse>;
  /** What is kept of a live entry's broadcasts. */
  recorded(entryId: string): Recorded | null;
  /** Deletes the entry with all that is going on and its media; what other entries hold of it stays. False when there is no such entry. */
  remove(entryId: string): Promise<boolean>;
}
