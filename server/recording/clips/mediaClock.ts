import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';

/** Media that follow one clock: what is at a position was on air at `epochMs` + position, in Unix ms. */
export interface ClockedPart {
  readonly startMs: number;
  readonly epochMs: number;
}

type ClockedMedia = Pick<TimelineReader, 'segments' | 'epochMs'>;

/** Where clocks are the same in truth, they differ by what is rounded. */
const toleranceMs = 1;

/**
 * The parts of a timeline, whose pauses between broadcasts are left out: each goes by the clock of its own broadcast. One
 * where there was no pause. `origin` is what callers count from, in ms since the timeline's epoch.
 */
export function clockedParts({ segments }: ClockedMedia, origin: number): ClockedPart[] {
  const parts: ClockedPart[] = [];
  for (const segment of segments) {
    const epochMs = clockOf(segment) + origin;
    if (parts.length === 0 || !isSame(parts.at(-1)!.epochMs, epochMs))
      parts.push({ startMs: segment.startMs - origin, epochMs });
  }
  return parts;
}

/**
 * Where the media are now that somebody calls by a position and by the clock they had there: the entry may play something
 * else meanwhile, which counts from elsewhere. Undefined when the media are not there any more.
 */
export function presentPosition(
  timeline: ClockedMedia,
  origin: number,
  { positionMs, epochMs }: { readonly positionMs: number; readonly epochMs: number },
): number | undefined {
  const { segments } = timeline;
  const there = segments.findLast(({ startMs }) => startMs - origin <= positionMs + toleranceMs) ?? segments[0];
  if (isSame((there ? clockOf(there) : timeline.epochMs) + origin, epochMs)) return positionMs;
  const moment = epochMs + positionMs;
  const found = segments.find(
    ({ wallClockMs, durationMs }) => moment >= wallClockMs - toleranceMs && moment < wallClockMs + durationMs,
  );
  return found && moment - clockOf(found) - origin;
}

/** Unix ms of the timeline's position 0, as a segment has it. */
function clockOf({ wallClockMs, startMs }: Segment): number {
  return wallClockMs - startMs;
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= toleranceMs;
}
