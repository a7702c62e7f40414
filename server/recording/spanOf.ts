import type { Segment } from '../media/timeline.ts';

/** From the first moment of these segments to their last, gaps included. */
export function spanOf(segments: readonly Segment[]): number {
  const [first, last] = [segments[0], segments.at(-1)];
  return first && last ? last.startMs + last.durationMs - first.startMs : 0;
}

/** Media in them, without gaps. */
export function lengthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
