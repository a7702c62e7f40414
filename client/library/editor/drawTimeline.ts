import type { FilmSlot } from './filmStrip.ts';
import type { FrameRange, Media } from './media.ts';
import type { PictureCache } from './PictureCache.ts';
import { frameToPixel, ticksOf, type View } from './zoom.ts';

/** A stretch of the waveform, on the grid. */
export interface Waveform {
  readonly start: number;
  readonly end: number;
  /** -128 to 127; null where there is no sound. */
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

export interface Drawing {
  readonly view: View;
  readonly media: Media;
  readonly slots: readonly FilmSlot[];
  readonly pictures: PictureCache;
  readonly waveform: Waveform | undefined;
  readonly cuts: readonly (FrameRange & { readonly label: string; readonly selected: boolean })[];
}

interface Colours {
  readonly ink: string;
  readonly dimmed: string;
  readonly line: string;
  readonly surface: string;
  readonly sunken: string;
  readonly wave: string;
  readonly cut: string;
  readonly onCut: string;
}

const rulerPixels = 26;
const filmPixels = 58;
const wavePixels = 48;
export const timelinePixels = rulerPixels + filmPixels + wavePixels;

export function readColours(element: Element): Colours {
  const style = getComputedStyle(element);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: value('--mantine-color-text'),
    dimmed: value('--mantine-color-dimmed'),
    line: value('--tl-line-strong'),
    surface: value('--tl-surface'),
    sunken: value('--tl-sunken'),
    wave: value('--mantine-color-anchor'),
    cut: value('--mantine-primary-color-filled'),
    onCut: value('--tl-surface'),
  };
}

/** Ruler, pictures, waveform, gaps and cuts; handles and playhead are elements above. */
export function drawTimeline(context: CanvasRenderingContext2D, drawing: Drawing, colours: Colours): void {
  const { view, media } = drawing;
  context.clearRect(0, 0, view.widthPixels, timelinePixels);
  context.fillStyle = colours.sunken;
  context.fillRect(0, rulerPixels, view.widthPixels, filmPixels + wavePixels);
  const hasPicture = media.grid.hasFrames;
  if (hasPicture) drawFilm(context, drawing);
  const waveTop = hasPicture ? rulerPixels + filmPixels : rulerPixels;
  drawWave(context, drawing, colours, waveTop, timelinePixels - waveTop);
  for (const gap of media.gaps) drawGap(context, view, gap, colours);
  drawCuts(context, drawing, colours);
  drawRuler(context, drawing, colours);
}

function drawFilm(context: CanvasRenderingContext2D, { slots, pictures }: Drawing): void {
  for (const { leftPixels, widthPixels, frame, scene } of slots) {
    const exact = frame === undefined ? undefined : pictures.get(frame);
    const sheet = scene && pictures.get(scene.sheet);
    const width = Math.max(1, widthPixels - 1);
    if (exact)
      cover(context, exact, { x: 0, y: 0, width: exact.naturalWidth, height: exact.naturalHeight }, leftPixels, width);
    else if (sheet) cover(context, sheet, scene, leftPixels, width);
  }
}

/** The middle of the picture, as much as fills its place. */
function cover(
  context: CanvasRenderingContext2D,
  picture: HTMLImageElement,
  from: { x: number; y: number; width: number; height: number },
  left: number,
  width: number,
): void {
  const scale = Math.max(width / from.width, filmPixels / from.height);
  const [cropWidth, cropHeight] = [width / scale, filmPixels / scale];
  const x = from.x + (from.width - cropWidth) / 2;
  const y = from.y + (from.height - cropHeight) / 2;
  context.drawImage(picture, x, y, cropWidth, cropHeight, left, rulerPixels, width, filmPixels);
}

function drawWave(
  context: CanvasRenderingContext2D,
  { view, media, waveform }: Drawing,
  colours: Colours,
  top: number,
  height: number,
): void {
  const middle = top + height / 2;
  context.fillStyle = colours.line;
  const [mediaLeft, mediaRight] = [frameToPixel(view, media.start), frameToPixel(view, media.end)];
  context.fillRect(mediaLeft, middle, mediaRight - mediaLeft, 1);
  if (!waveform) return;
  const { start, end, min, max } = waveform;
  const pointFrames = (end - start) / min.length;
  context.fillStyle = colours.wave;
  for (let x = 0; x < view.widthPixels; x++) {
    const from = (view.left + x / view.pixelsPerFrame - start) / pointFrames;
    const to = (view.left + (x + 1) / view.pixelsPerFrame - start) / pointFrames;
    let [low, high] = [Infinity, -Infinity];
    for (
      let point = Math.max(0, Math.floor(from));
      point < Math.min(min.length, Math.max(to, Math.floor(from) + 1));
      point++
    ) {
      low = Math.min(low, min[point] ?? Infinity);
      high = Math.max(high, max[point] ?? -Infinity);
    }
    if (low > high) continue;
    const [yTop, yBottom] = [middle - loudness(high) * (height / 2 - 3), middle - loudness(low) * (height / 2 - 3)];
    context.fillRect(x, yTop, 1, Math.max(1, yBottom - yTop));
  }
}

/** Speech is quiet beside what a sample can hold: it is drawn larger than in proportion. */
function loudness(sample: number): number {
  return Math.sign(sample) * Math.sqrt(Math.abs(sample) / 128);
}

function drawGap(context: CanvasRenderingContext2D, view: View, gap: FrameRange, colours: Colours): void {
  const left = Math.max(0, frameToPixel(view, gap.start));
  const right = Math.min(view.widthPixels, frameToPixel(view, gap.end));
  if (right <= 0 || left >= view.widthPixels) return;
  const width = Math.max(2, right - left);
  context.save();
  context.beginPath();
  context.rect(left, rulerPixels, width, filmPixels + wavePixels);
  context.clip();
  context.fillStyle = colours.surface;
  context.fillRect(left, rulerPixels, width, filmPixels + wavePixels);
  context.strokeStyle = colours.line;
  context.beginPath();
  for (let x = left - timelinePixels; x < left + width; x += 9) {
    context.moveTo(x, timelinePixels);
    context.lineTo(x + timelinePixels, 0);
  }
  context.stroke();
  context.fillStyle = colours.dimmed;
  context.font = '600 11px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  if (width > 70) {
    const text = 'No media';
    const half = context.measureText(text).width / 2 + 6;
    const y = rulerPixels + filmPixels / 2;
    context.fillStyle = colours.surface;
    context.fillRect(left + width / 2 - half, y - 10, half * 2, 20);
    context.fillStyle = colours.dimmed;
    context.fillText(text, left + width / 2, y);
  }
  context.restore();
}

function drawCuts(context: CanvasRenderingContext2D, { view, cuts }: Drawing, colours: Colours): void {
  const body = filmPixels + wavePixels;
  for (const cut of cuts) {
    const left = frameToPixel(view, cut.start);
    const right = frameToPixel(view, cut.end);
    if (cut.selected) {
      // What is not in it steps back.
      context.globalAlpha = 0.66;
      context.fillStyle = colours.surface;
      if (left > 0) context.fillRect(0, rulerPixels, Math.min(left, view.widthPixels), body);
      if (right < view.widthPixels) context.fillRect(Math.max(right, 0), rulerPixels, view.widthPixels, body);
      context.globalAlpha = 1;
      context.fillStyle = colours.cut;
      context.fillRect(left, rulerPixels, right - left, 3);
      context.fillRect(left, timelinePixels - 3, right - left, 3);
    }
  }
  context.font = '700 10px system-ui, sans-serif';
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (const cut of cuts.filter(({ selected }) => !selected)) {
    const left = frameToPixel(view, cut.start);
    const width = Math.max(2, (cut.end - cut.start) * view.pixelsPerFrame);
    context.globalAlpha = 0.55;
    context.fillStyle = colours.cut;
    context.fillRect(left, timelinePixels - 14, width, 14);
    context.globalAlpha = 1;
    context.fillStyle = colours.onCut;
    if (width > 16) context.fillText(cut.label, Math.max(left, 0) + 5, timelinePixels - 6.5);
  }
}

function drawRuler(context: CanvasRenderingContext2D, { view, media }: Drawing, colours: Colours): void {
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'top';
  context.textAlign = 'left';
  for (const { frame, label } of ticksOf(view, media.grid)) {
    const x = Math.round(frameToPixel(view, frame));
    context.fillStyle = colours.line;
    context.fillRect(x, rulerPixels - (label === undefined ? 5 : 12), 1, label === undefined ? 5 : 12);
    if (label === undefined) continue;
    context.fillStyle = colours.dimmed;
    context.fillText(label, x + 4, 3);
  }
}
