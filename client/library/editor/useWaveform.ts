import { usePeaks } from '../../api/clipQueries.ts';
import type { Waveform } from './drawTimeline.ts';
import { clockedSpan, positionOf, timeOf, type Media } from './media.ts';
import type { View } from './zoom.ts';

const points = 2400;
const leastStretchMs = 10_000;

/** The waveform of what is shown and some on both sides, so that scrolling a little asks for nothing. */
export function useWaveform(entryId: string, view: View | undefined, media: Media): Waveform | undefined {
  const { grid } = media;
  const peaks = usePeaks(entryId, view && stretchOf(view, media), points, clockedSpan(media)).data;
  if (!peaks) return undefined;
  const at = (ms: number) => ((peaks.beginsAt + ms - grid.epochMs) * grid.frameRate) / 1000;
  return { start: at(peaks.fromMs), end: at(peaks.toMs), min: peaks.min, max: peaks.max };
}

function stretchOf(view: View, media: Media): { fromMs: number; toMs: number } {
  const { startMs } = media.span;
  const shownMs = timeOf(media.grid, view.widthPixels / view.pixelsPerFrame);
  const stepMs = Math.max(leastStretchMs, Math.ceil(shownMs / 2 / 1000) * 1000);
  const leftMs = positionOf(media, view.left) - startMs;
  const fromMs = Math.max(0, Math.floor(leftMs / stepMs) * stepMs);
  return { fromMs, toMs: Math.ceil((leftMs + shownMs + 1) / stepMs) * stepMs };
}
