import type { FrameGrid, FrameRange, Media } from './media.ts';
import { formatTime } from './timeText.ts';

export const zoomLevels = ['all', 'fiveSeconds', 'second', 'frames'] as const;
export type ZoomLevel = (typeof zoomLevels)[number];

export const zoomNames: Record<ZoomLevel, string> = {
  all: '100 %',
  fiveSeconds: '5 s',
  second: '1 s',
  frames: 'Frames',
};

/** The part of the media that is on the screen. */
export interface View {
  /** Frame at the left edge; not a whole one. */
  readonly left: number;
  readonly pixelsPerFrame: number;
  readonly widthPixels: number;
}

export interface Tick {
  readonly frame: number;
  /** Only where there is room for one. */
  readonly label: string | undefined;
}

const stepPixels = 110;
const framePixels = 44;

/** As much as a level shows of each frame; never less than what shows all of the media. */
export function pixelsPerFrame(level: ZoomLevel, { grid, start, end }: Media, widthPixels: number): number {
  const fit = Math.max(1, widthPixels) / (end - start);
  const { frameRate } = grid;
  if (level === 'all') return fit;
  if (level === 'frames') return Math.max(fit, framePixels);
  return Math.max(fit, stepPixels / (level === 'second' ? frameRate : 5 * frameRate));
}

/** Moved as little as needed for the view to be within the media. */
export function placeView(view: View, { start, end }: FrameRange): View {
  const shown = view.widthPixels / view.pixelsPerFrame;
  return { ...view, left: Math.max(start, Math.min(view.left, end - shown)) };
}

/** The same frame stays at the same place on the screen, as far as the media allow. */
export function zoomAround(view: View, nextPixelsPerFrame: number, frame: number, media: FrameRange): View {
  const seen = frameToPixel(view, frame);
  const atPixel = seen >= 0 && seen <= view.widthPixels ? seen : view.widthPixels / 2;
  return placeView({ ...view, pixelsPerFrame: nextPixelsPerFrame, left: frame - atPixel / nextPixelsPerFrame }, media);
}

/** Turned like a page when the frame has left it. */
export function followFrame(view: View, frame: number, media: FrameRange): View {
  const shown = view.widthPixels / view.pixelsPerFrame;
  if (frame >= view.left && frame + 1 <= view.left + shown) return view;
  const left = frame < view.left && frame > view.left - shown ? frame - shown * 0.9 : frame - shown * 0.1;
  return placeView({ ...view, left }, media);
}

export function frameToPixel({ left, pixelsPerFrame: scale }: View, frame: number): number {
  return (frame - left) * scale;
}

export function pixelToFrame({ left, pixelsPerFrame: scale }: View, pixel: number): number {
  return left + pixel / scale;
}

const secondSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
const frameSteps = [1, 2, 5, 10];
const leastLabelPixels = 90;
const leastTickPixels = 9;

/** The ruler: labels far enough from each other to be read, smaller ticks between them. */
export function ticksOf(view: View, grid: FrameGrid): Tick[] {
  const { frameRate, hasFrames } = grid;
  const byFrame = hasFrames && view.pixelsPerFrame >= leastTickPixels;
  const steps = byFrame ? frameSteps : secondSteps.map((seconds) => seconds * frameRate);
  const label = steps.find((step) => step * view.pixelsPerFrame >= leastLabelPixels) ?? steps.at(-1)!;
  const minor = byFrame ? 1 : (steps.find((step) => step * view.pixelsPerFrame >= leastTickPixels * 2) ?? label);
  const right = view.left + view.widthPixels / view.pixelsPerFrame;
  const ticks: Tick[] = [];
  for (let index = Math.floor(view.left / minor); index * minor <= right; index++) {
    const frame = index * minor;
    const isLabelled = Math.abs(frame / label - Math.round(frame / label)) < 1e-6;
    ticks.push({ frame, label: isLabelled ? labelOf(frame, grid, byFrame) : undefined });
  }
  return ticks;
}

function labelOf(frame: number, { frameRate }: FrameGrid, byFrame: boolean): string {
  if (byFrame) return String(frame);
  const text = formatTime((frame * 1000) / frameRate).slice(0, -4);
  return text.startsWith('00:') ? text.slice(3) : text;
}
