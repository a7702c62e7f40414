import type { Fragment, Period, Segment } from '../../media/timeline.ts';
import type { GrowingSegment, TimelineReader } from '../../segments/timelineReader.ts';

/** A segment of a timeline, whether complete or still being written. */
export interface Stretch {
  readonly sequence: number;
  readonly period: Period;
  readonly startMs: number;
  readonly endMs: number;
  readonly wallClockMs: number;
  readonly growing: boolean;
  fragments(trackId: string): readonly Fragment[];
}

/** Where what can be watched now begins and ends, in the timeline's own positions. */
export interface Extent {
  readonly startMs: number;
  readonly endMs: number;
}

/** Undefined while there is nothing. What is still being written counts. */
export function extentOf(timeline: Pick<TimelineReader, 'segments' | 'growing'>): Extent | undefined {
  const startMs = timeline.segments[0]?.startMs ?? timeline.growing[0]?.startMs;
  if (startMs === undefined) return undefined;
  const growing = growingStretches(timeline).at(-1);
  return { startMs, endMs: growing?.endMs ?? endOf(timeline.segments.at(-1)) ?? startMs };
}

/** The last one that begins at or before a position, or else the first. */
export function stretchAt(timeline: TimelineReader, positionMs: number): Stretch | undefined {
  const growing = growingStretches(timeline).findLast(({ startMs }) => startMs <= positionMs);
  if (growing) return growing;
  const segment = timeline.segments[segmentIndexAt(timeline.segments, positionMs)];
  return segment ? stretchOf(timeline, segment) : growingStretches(timeline)[0];
}

/** Of the last segment that begins at or before a position; 0 when all begin later. */
export function segmentIndexAt(segments: readonly Segment[], positionMs: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (segments[middle]!.startMs <= positionMs) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Of the segment that has a position, or else the next one; undefined after the last. */
export function coveringIndex(segments: readonly Segment[], positionMs: number): number | undefined {
  const index = segmentIndexAt(segments, positionMs);
  const segment = segments[index];
  const covering = segment && segment.startMs + segment.durationMs <= positionMs ? index + 1 : index;
  return covering < segments.length ? covering : undefined;
}

/** Undefined when its period is not known any more. */
export function stretchOf(timeline: TimelineReader, segment: Segment): Stretch | undefined {
  const period = timeline.periods.find(({ index }) => index === segment.period);
  return (
    period && {
      sequence: segment.sequence,
      period,
      startMs: segment.startMs,
      endMs: segment.startMs + segment.durationMs,
      wallClockMs: segment.wallClockMs,
      growing: false,
      fragments: (trackId) => segment.tracks[trackId]?.fragments ?? [],
    }
  );
}

/** Those of them that have a fragment. */
function growingStretches(timeline: Pick<TimelineReader, 'growing'>): Stretch[] {
  return timeline.growing.flatMap((segment) => {
    const endMs = endOfGrowing(segment);
    if (endMs === undefined) return [];
    const { sequence, period, startMs, wallClockMs, fragments } = segment;
    return { sequence, period, startMs, endMs, wallClockMs, growing: true, fragments: (id) => fragments.get(id) ?? [] };
  });
}

function endOfGrowing({ period, fragments, startMs }: GrowingSegment): number | undefined {
  const track = period.tracks.find(({ kind }) => kind === 'video') ?? period.tracks[0];
  const last = track && fragments.get(track.id)?.at(-1);
  if (!track || !last) return undefined;
  return Math.max(startMs, ((last.startTicks + last.durationTicks) * 1000) / track.timescale);
}

function endOf(segment: Segment | undefined): number | undefined {
  return segment && segment.startMs + segment.durationMs;
}
