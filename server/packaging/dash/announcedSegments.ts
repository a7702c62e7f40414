import type { Period, Segment } from '../../media/timeline.ts';
import type { GrowingSegment, TimelineReader } from '../../segments/timelineReader.ts';
import type { SegmentSpan } from './segmentRuns.ts';

/** A segment that is listed before it is complete. */
export interface AnnouncedSegment {
  readonly period: Period;
  readonly startMs: number;
  /** By track id. */
  readonly tracks: Readonly<Record<string, SegmentSpan>>;
}

/** So many segments are looked back on to tell how long one may get. */
const recentSegments = 8;
/** Other tracks' segments may be longer by one long audio frame. */
const toleranceMs = 100;

/**
 * Which segments that are being written are listed, and how long they are said to be: as long as the one that follows
 * tells, else at least as long as it will get, as far as the past can tell. Players take a duration that turns out
 * shorter, but fetch a segment twice that becomes longer than it was said to be. What was said of one is said again.
 */
export class AnnouncedSegments {
  readonly #timeline: TimelineReader;
  #expected: { readonly sequence: number; readonly startMs: number; readonly durationMs: number } | undefined;

  constructor(timeline: TimelineReader) {
    this.#timeline = timeline;
  }

  /** Oldest first: those that have begun. */
  list(): AnnouncedSegment[] {
    const begun = this.#begun();
    return begun.map((segment, index) => this.#announce(segment, begun[index + 1]));
  }

  /** How long the newest segment is said to be, or the next one will be: its begin is so long before its end. */
  newestMs(): number {
    const newest = this.#begun().at(-1);
    return newest ? this.#expectedMs(newest) : longestMs(this.#timeline);
  }

  #begun(): readonly GrowingSegment[] {
    const { growing } = this.#timeline;
    const hidden = growing.findIndex((segment) => !hasBegun(segment));
    return hidden < 0 ? growing : growing.slice(0, hidden);
  }

  #announce(segment: GrowingSegment, next: GrowingSegment | undefined): AnnouncedSegment {
    const { period, startMs } = segment;
    const spans = period.tracks.flatMap(({ id, timescale }) => {
      const startTicks = startOf(segment, id);
      if (startTicks === undefined) return [];
      const nextTicks = next?.period.index === period.index ? startOf(next, id) : undefined;
      const endTicks = nextTicks ?? startTicks + Math.ceil((this.#expectedMs(segment) * timescale) / 1000);
      return [[id, { startTicks, durationTicks: Math.max(1, endTicks - startTicks) }] as const];
    });
    return { period, startMs, tracks: Object.fromEntries(spans) };
  }

  #expectedMs({ sequence, startMs }: GrowingSegment): number {
    if (this.#expected?.sequence !== sequence || this.#expected.startMs !== startMs) {
      this.#expected = { sequence, startMs, durationMs: longestMs(this.#timeline) };
    }
    return this.#expected.durationMs;
  }
}

/** Sound and picture have: nothing else is there all the time. */
function hasBegun({ period, fragments }: GrowingSegment): boolean {
  return period.tracks.every(({ id, kind }) => (kind !== 'video' && kind !== 'audio') || fragments.has(id));
}

function startOf({ fragments }: GrowingSegment, trackId: string): number | undefined {
  return fragments.get(trackId)?.[0]?.startTicks;
}

function longestMs({ segments, targetDurationSeconds }: TimelineReader): number {
  const durations = segments.slice(-recentSegments).map(({ durationMs }: Segment) => durationMs);
  return durations.length > 0 ? Math.max(...durations) + toleranceMs : targetDurationSeconds * 1000;
}
