import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { leastGapMs } from './mediaSpan.ts';
import { referenceTrack, segmentTimes } from './segmentTimes.ts';
import { presentationTimes, readStoredSamples } from './storedSamples.ts';

/** A place between two frames of a timeline: before the frame it names, or at the end of all media. */
export interface CutPoint {
  /** Of the segment the frame is in; of the one after the last where the media ends. */
  readonly sequence: number;
  /** The frame's presentation time, in ms since the timeline's epoch, unrounded. */
  readonly atMs: number;
  /** The frame is the first of its segment: nothing has to be made anew to cut here. */
  readonly isBoundary: boolean;
}

export type CutPointFailure =
  | { readonly failure: 'outside'; readonly startMs: number; readonly endMs: number }
  | { readonly failure: 'gap'; readonly startMs: number; readonly endMs: number }
  /** Left the window, or the entry was deleted, while it was being read. */
  | { readonly failure: 'gone' };

/** Times come as whole milliseconds, and from players that are a little off: this much before a frame is that frame. */
const toleranceMs = 1;

/**
 * The frame that is on the screen at a position (ms since the timeline's epoch). Where there is no picture, the sample of
 * sound. The end of the media is a place to cut, too.
 */
export async function findCutPoint(timeline: TimelineReader, positionMs: number): Promise<CutPoint | CutPointFailure> {
  const { segments } = timeline;
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last) return { failure: 'gone' };
  const bounds = { startMs: segmentTimes(timeline, first).startMs, endMs: segmentTimes(timeline, last).endMs };
  const atMs = positionMs + toleranceMs;
  if (!(atMs >= bounds.startMs) || !(positionMs - toleranceMs <= bounds.endMs))
    return { failure: 'outside', ...bounds };
  const index = lastStarted(timeline, segments, atMs);
  const segment = segments[index]!;
  const next = segments[index + 1];
  const { startMs, endMs } = segmentTimes(timeline, segment);
  if (atMs >= endMs) {
    if (!next) return { sequence: segment.sequence + 1, atMs: endMs, isBoundary: true };
    const nextStartMs = segmentTimes(timeline, next).startMs;
    if (nextStartMs - endMs >= leastGapMs) {
      if (positionMs - toleranceMs <= endMs) return { sequence: next.sequence, atMs: endMs, isBoundary: true };
      return { failure: 'gap', startMs: endMs, endMs: nextStartMs };
    }
  }
  if (atMs < startMs + 2 * toleranceMs) return { sequence: segment.sequence, atMs: startMs, isBoundary: true };
  return await findFrame(timeline, segment, positionMs);
}

async function findFrame(
  timeline: TimelineReader,
  { sequence, period, tracks }: Segment,
  positionMs: number,
): Promise<CutPoint | CutPointFailure> {
  const known = timeline.periods.find(({ index }) => index === period)?.tracks ?? [];
  const reference = referenceTrack(known.filter(({ id }) => Object.hasOwn(tracks, id)));
  if (!reference) return { failure: 'gone' };
  const { id, timescale, kind } = reference;
  if (kind !== 'video') {
    const ticks = Math.round((positionMs * timescale) / 1000);
    return { sequence, atMs: (ticks * 1000) / timescale, isBoundary: ticks === tracks[id]!.startTicks };
  }
  const stored = await readStoredSamples(timeline, sequence, id);
  if (!stored || stored.samples.length === 0) return { failure: 'gone' };
  const { starts } = presentationTimes(stored.samples);
  const ticks = ((positionMs + toleranceMs) * timescale) / 1000;
  const index = Math.max(
    0,
    starts.findLastIndex((start) => start <= ticks),
  );
  return { sequence, atMs: (starts[index]! * 1000) / timescale, isBoundary: index === 0 };
}

/** Of the segments that begin no later, the last; the first of all when none does. */
function lastStarted(timeline: TimelineReader, segments: readonly Segment[], atMs: number): number {
  let [low, high] = [0, segments.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segmentTimes(timeline, segments[middle]!).startMs <= atMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
