import type { PeriodWriter, SegmentWriter } from './segmentStore.ts';

/** What a writer that has been closed, or whose entry has been deleted, gives out: it takes media and keeps none. */
export const closedPeriod: PeriodWriter = { openSegment: () => closedSegment };

export const closedSegment: SegmentWriter = {
  sequence: 0,
  append() {},
  complete: () => Promise.resolve(),
};
