import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { segmentTimes } from './segmentTimes.ts';

/** From where media end to where they go on, in ms since the timeline's epoch. */
export interface Gap {
  readonly startMs: number;
  readonly endMs: number;
}

/** Between two periods, less than this is no missing time. */
const leastGapMs = 100;

/** It was published, and its files are not there any more: only its place is. */
export function isLost({ tracks }: Segment): boolean {
  return Object.keys(tracks).length === 0;
}

/** Nothing is missing between a segment and the one that follows it. */
export function isJoined(timeline: TimelineReader, segment: Segment, next: Segment): boolean {
  if (isLost(segment) || isLost(next)) return false;
  if (segment.period === next.period) return true;
  return segmentTimes(timeline, next).startMs - segmentTimes(timeline, segment).endMs < leastGapMs;
}

/** Where media are missing: between periods, and where segments are lost. */
export function findGaps(timeline: TimelineReader): Gap[] {
  const { segments } = timeline;
  const gaps: Gap[] = [];
  let [from, wasLost] = [-1, false];
  for (const [index, segment] of segments.entries()) {
    if (isLost(segment)) {
      wasLost = true;
      continue;
    }
    const before = segments[from];
    if (wasLost || (before && !isJoined(timeline, before, segment))) gaps.push(gapBetween(timeline, from, index));
    [from, wasLost] = [index, false];
  }
  if (wasLost) gaps.push(gapBetween(timeline, from, segments.length));
  return gaps;
}

/** The gap that a lost segment is in, by its place in the list, and the place of the first segment behind it. */
export function gapAround(timeline: TimelineReader, lost: number): Gap & { readonly next: number } {
  const { segments } = timeline;
  const before = segments.findLastIndex((segment, index) => index < lost && !isLost(segment));
  const behind = segments.findIndex((segment, index) => index > lost && !isLost(segment));
  const next = behind < 0 ? segments.length : behind;
  return { ...gapBetween(timeline, before, next), next };
}

/** Places in the list, of which one may be before its beginning, and one behind its end. */
function gapBetween(timeline: TimelineReader, before: number, next: number): Gap {
  const { segments } = timeline;
  const [last, first] = [segments[before], segments[next]];
  return {
    startMs: last ? segmentTimes(timeline, last).endMs : segmentTimes(timeline, segments[0]!).startMs,
    endMs: first ? segmentTimes(timeline, first).startMs : segmentTimes(timeline, segments.at(-1)!).endMs,
  };
}
