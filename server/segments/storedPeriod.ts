import type { Track } from '../media/track.ts';
import type { StoredBytes } from './timelineReader.ts';

/** A period as it is stored. Its index is given when its first segment is published, so that indices have no holes. */
export interface StoredPeriod {
  /** Number of its folder: rises with each period begun, published or not. */
  readonly folder: number;
  readonly startMs: number;
  readonly tracks: readonly Track[];
  /** Length of each track's init segment, by track id. */
  readonly initBytes: Readonly<Record<string, number>>;
}

/** Where a timeline's bytes are. */
export interface MediaFiles {
  init(folder: number, trackId: string, bytes: number): StoredBytes;
  media(folder: number, trackId: string, file: number, bytes: number): StoredBytes;
}
