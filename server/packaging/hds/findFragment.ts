import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { fragmentNumber } from './fragmentPath.ts';

/** How many segments that have just left the window are looked through. */
const mostLeftSegments = 200;

/** `empty`: the number lies between two periods, and the segment is the one behind it. */
export interface FoundFragment {
  readonly segment: Segment;
  readonly empty: boolean;
}

export function findFragment(timeline: TimelineReader, number: number): FoundFragment | undefined {
  const { segments } = timeline;
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fragmentNumber(segments[middle]!) < number) low = middle + 1;
    else high = middle;
  }
  const segment = segments[low];
  if (!segment) return undefined;
  if (fragmentNumber(segment) === number) return { segment, empty: false };
  return low > 0 ? { segment, empty: true } : beforeWindow(timeline, segment, number);
}

/** Players ask for what a bootstrap listed a moment ago; a store may still have it. */
function beforeWindow(timeline: TimelineReader, first: Segment, number: number): FoundFragment | undefined {
  for (let left = 1, behind = first; left <= mostLeftSegments; left++) {
    const segment = timeline.segment(first.sequence - left);
    if (!segment) return undefined;
    if (fragmentNumber(segment) === number) return { segment, empty: false };
    if (fragmentNumber(segment) < number) return { segment: behind, empty: true };
    behind = segment;
  }
  return undefined;
}
