import type { SegmentRange } from '../segments/segmentStore.ts';

/** Ranges without what a timeline has from a sequence on. */
export function rangesBefore(ranges: readonly SegmentRange[], timelineId: string, sequence: number): SegmentRange[] {
  return ranges.flatMap((range) => {
    if (range.timelineId !== timelineId) return range;
    return range.first < sequence ? { ...range, end: Math.min(range.end ?? Infinity, sequence) } : [];
  });
}
