import { reject } from '../errors.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import type { SegmentRange } from './segmentStore.ts';
import type { KnownTimeline } from './storedTimelines.ts';

/** Throws unless all of the ranges is stored and nothing but the last can still grow. */
export async function checkRanges(
  ranges: readonly SegmentRange[],
  find: (timelineId: string) => KnownTimeline | undefined,
  index: SegmentIndex,
): Promise<void> {
  if (ranges.length === 0) throw new RangeError('a composition of nothing');
  for (const [position, { timelineId, first, end }] of ranges.entries()) {
    if (!isSequence(first) || (end !== null && (!isSequence(end) || end <= first)))
      throw new RangeError(`segments ${first} to ${end} of timeline ${timelineId}`);
    const known = find(timelineId);
    if (!known) reject('segmentNotFound', 'The broadcast that this is to be made of is not stored any more.');
    const open = known.timeline?.ended === false;
    if (open && end === null && position < ranges.length - 1)
      throw new RangeError(`timeline ${timelineId} still grows, and something is to follow it`);
    const from = Math.max(first, known.firstSequence);
    const below = end ?? Math.max(known.nextSequence, from);
    if (below > known.nextSequence) reject('segmentNotFound', 'Part of what this is to be made of is not stored yet.');
    if (from < below && (await index.countSegments(timelineId, { first: from, end: below })) < below - from)
      reject('segmentNotFound', 'Part of what this is to be made of is not stored any more.');
  }
}

function isSequence(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}
