import type { Segment } from '../../media/timeline.ts';

/** Position of the first of these segments that ends less than so many seconds before the time; of the last one when none does. */
export function firstWithin(segments: readonly Segment[], seconds: number, endMs: number): number {
  let position = segments.length - 1;
  for (; position > 0; position--) {
    const { startMs, durationMs } = segments[position - 1]!;
    if (endMs - startMs - durationMs >= seconds * 1000) break;
  }
  return position;
}
