import type { SegmentIndex } from '../segmentIndex.ts';
import type { SegmentRange } from '../segmentStore.ts';
import type { TimelineRow } from '../segmentTables.ts';

/** Rows read at once. */
const placesAtOnce = 2000;

/** What of the ranges of a composition is stored, as ranges without holes; and what is not, for people. */
export async function storedParts(
  ranges: readonly SegmentRange[],
  index: SegmentIndex,
): Promise<{ readonly stored: SegmentRange[]; readonly missing: string[] }> {
  const timelines = new Map<string, TimelineRow>((await index.timelines()).map((row) => [row.id, row]));
  const stored: SegmentRange[] = [];
  const missing: string[] = [];
  for (const range of ranges) {
    const timeline = timelines.get(range.timelineId);
    if (!timeline) {
      missing.push(`all of ${range.timelineId}`);
      continue;
    }
    const tell = (from: number, to: number) => missing.push(`${range.timelineId}, segments ${from} to ${to}`);
    const first = Math.max(range.first, timeline.first_sequence);
    let runStart = first;
    let next = first;
    const closeRun = (end: number | null) => {
      if (end === null || runStart < end) stored.push({ timelineId: range.timelineId, first: runStart, end });
    };
    for (;;) {
      const places = await index.places(range.timelineId, { first: next, end: range.end ?? Infinity }, placesAtOnce);
      for (const { sequence } of places) {
        if (sequence > next) {
          tell(next, sequence - 1);
          closeRun(next);
          runStart = sequence;
        }
        next = sequence + 1;
      }
      if (places.length < placesAtOnce) break;
    }
    if (range.end !== null && next < range.end) tell(next, range.end - 1);
    closeRun(range.end === null ? null : next);
  }
  return { stored, missing };
}
