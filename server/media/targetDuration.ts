import type { Segment } from './timeline.ts';
import type { Track } from './track.ts';

/** Segments are meant to last this long, so that none, however short the first ones are, announces less. */
export const leastTargetSeconds = 2;
/** By how much sound may be longer than the picture that decides: one long frame. */
const toleranceMs = 100;

/**
 * The target duration that a segment asks for (RFC 8216 4.3.3.1): the length of its longest track in whole seconds. With
 * a frame of sound added, so that key frames at even distances ask for the same one each time.
 */
export function targetSecondsOf(
  { durationMs, tracks }: Pick<Segment, 'durationMs' | 'tracks'>,
  described: readonly Track[],
): number {
  const seconds = described.map(({ id, timescale }) =>
    Object.hasOwn(tracks, id) ? Math.round(tracks[id]!.durationTicks / timescale) : 0,
  );
  return Math.max(Math.round((durationMs + toleranceMs) / 1000), ...seconds);
}
