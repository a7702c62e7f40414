import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { gapAround, isJoined, isLost } from './missingMedia.ts';
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
export function findCutPoint(timeline: TimelineReader, positionMs: number): Promise<CutPoint | CutPointFailure> {
  return findPlace(timeline, positionMs, 'before');
}

/** Behind the frame that is on the screen at a position, however long it lasts. */
export function findCutPointAfter(timeline: TimelineReader, positionMs: number): Promise<CutPoint | CutPointFailure> {
  return findPlace(timeline, positionMs, 'after');
}

/** Of a frame. */
type Side = 'before' | 'after';

async function findPlace(
  timeline: TimelineReader,
  positionMs: number,
  side: Side,
): Promise<CutPoint | CutPointFailure> {
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
  if (isLost(segment)) return pointInLost(timeline, index, positionMs);
  const next = segments[index + 1];
  const { startMs, endMs } = segmentTimes(timeline, segment);
  if (atMs >= endMs) {
    if (!next) return endOf(timeline, segment);
    if (isLost(next)) return pointInLost(timeline, index + 1, positionMs);
    if (!isJoined(timeline, segment, next)) {
      if (positionMs - toleranceMs <= endMs) return { sequence: next.sequence, atMs: endMs, isBoundary: true };
      return { failure: 'gap', startMs: endMs, endMs: segmentTimes(timeline, next).startMs };
    }
  }
  if (side === 'before' && atMs < startMs + 2 * toleranceMs)
    return { sequence: segment.sequence, atMs: startMs, isBoundary: true };
  return await findFrame(timeline, segment, positionMs, side);
}

/** Where lost segments begin, and at the end of all media, can be cut; between there is nothing. */
function pointInLost(timeline: TimelineReader, index: number, positionMs: number): CutPoint | CutPointFailure {
  const { segments } = timeline;
  const { startMs, endMs, next } = gapAround(timeline, index);
  const sequence = segments[0]!.sequence + next;
  if (positionMs - toleranceMs <= startMs) return { sequence, atMs: startMs, isBoundary: true };
  if (next === segments.length && positionMs + toleranceMs >= endMs) return { sequence, atMs: endMs, isBoundary: true };
  return { failure: 'gap', startMs, endMs };
}

async function findFrame(
  timeline: TimelineReader,
  segment: Segment,
  positionMs: number,
  side: Side,
): Promise<CutPoint | CutPointFailure> {
  const { sequence, period, tracks } = segment;
  const known = timeline.periods.find(({ index }) => index === period)?.tracks ?? [];
  const reference = referenceTrack(known.filter(({ id }) => Object.hasOwn(tracks, id)));
  if (!reference) return { failure: 'gone' };
  const { id, timescale, kind } = reference;
  if (kind !== 'video') {
    const { startTicks, durationTicks } = tracks[id]!;
    const ticks = Math.round((positionMs * timescale) / 1000) + (side === 'after' ? 1 : 0);
    if (ticks >= startTicks + durationTicks) return endOf(timeline, segment);
    return { sequence, atMs: (ticks * 1000) / timescale, isBoundary: ticks === startTicks };
  }
  const stored = await readStoredSamples(timeline, sequence, id);
  if (!stored || stored.samples.length === 0) return { failure: 'gone' };
  const { starts } = presentationTimes(stored.samples);
  const ticks = ((positionMs + toleranceMs) * timescale) / 1000;
  const shown = Math.max(
    0,
    starts.findLastIndex((start) => start <= ticks),
  );
  const index = side === 'after' ? shown + 1 : shown;
  if (index === starts.length) return endOf(timeline, segment);
  return { sequence, atMs: (starts[index]! * 1000) / timescale, isBoundary: index === 0 };
}

function endOf(timeline: TimelineReader, segment: Segment): CutPoint {
  return { sequence: segment.sequence + 1, atMs: segmentTimes(timeline, segment).endMs, isBoundary: true };
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
