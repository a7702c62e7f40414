import type { Segment } from '../media/timeline.ts';

/** A segment and the place of its bytes. */
export interface StoredSegment {
  readonly segment: Segment;
  readonly folder: number;
  /** Number in its files' names: the sequence, unless a segment opened before it was never published. */
  readonly file: number;
}

export type NewSegment = Omit<Segment, 'sequence' | 'period'>;

/** Of all its files. */
export function segmentBytes({ tracks }: Pick<Segment, 'tracks'>): number {
  let total = 0;
  for (const { bytes } of Object.values(tracks)) total += bytes;
  return total;
}
