import type { MediaSpan } from './media.ts';

/** Ten seconds of a video of 25 frames a second, or what is said to be otherwise; one part, unless more are named. */
export function spanOf(changes: Partial<MediaSpan> = {}): MediaSpan {
  const span: Omit<MediaSpan, 'parts'> = {
    startMs: 0,
    endMs: 10_000,
    live: false,
    epochMs: 1_800_000_000_000,
    hasPicture: true,
    frameRate: 25,
    gaps: [],
    hasSource: true,
    ...changes,
  };
  return { parts: [{ startMs: span.startMs, epochMs: span.epochMs }], ...span };
}
