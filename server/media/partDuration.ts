/** A part, which is a stored fragment, lasts at least this long, in seconds, unless it is the last of its segment. */
export const leastPartSeconds = 1 / 3;
/**
 * No part of a track with 18 frames a second or more lasts longer. As HLS's PART-TARGET it holds for all sound and for
 * all usual frame rates at once: each part is at least 85 % of it (RFC 8216bis 4.4.4.9).
 */
export const usualPartTargetSeconds = 0.39;

/** The longest part of a track with this frame rate (0: not known), in seconds. */
export function partTargetSeconds(frameRate: number): number {
  if (frameRate <= 0) return usualPartTargetSeconds;
  return Math.max(usualPartTargetSeconds, Math.ceil(frameRate * leastPartSeconds - 0.001) / frameRate);
}
