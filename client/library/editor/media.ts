import type { RouteResponse } from '../../../shared/api/route.ts';
import type { ApiRoutes } from '../../../shared/api/routes.ts';

export type MediaSpan = RouteResponse<ApiRoutes['getMediaSpan']>;

/** Numbers the frames of an entry, on one line for as long as the editor is open: frame 0 is where its positions begin. */
export interface FrameGrid {
  readonly frameRate: number;
  /** Unix ms of frame 0. */
  readonly epochMs: number;
  /** False where there is no picture: then a "frame" is a hundredth of a second. */
  readonly hasFrames: boolean;
}

/** Frames, `end` not included. */
export interface FrameRange {
  readonly start: number;
  readonly end: number;
}

/** What can be cut, in frames of a grid. */
export interface Media {
  readonly grid: FrameGrid;
  readonly start: number;
  readonly end: number;
  readonly live: boolean;
  readonly gaps: readonly FrameRange[];
  readonly span: MediaSpan;
}

const ratePerSecondOfSound = 100;
/** Of a frame: times that come as whole milliseconds are a little off. */
const tolerance = 0.05;

/** Live positions count from a moment without a frame: the grid is moved to where frames are. */
export function gridOf({ frameRate, epochMs, startMs }: MediaSpan): FrameGrid {
  const hasFrames = frameRate > 0;
  const rate = hasFrames ? frameRate : ratePerSecondOfSound;
  const frameMs = 1000 / rate;
  const isOnFrame = Math.abs(startMs / frameMs - Math.round(startMs / frameMs)) < 1e-6;
  return { frameRate: rate, hasFrames, epochMs: epochMs + (isOnFrame ? 0 : startMs % frameMs) };
}

export function mediaOf(span: MediaSpan, grid: FrameGrid): Media {
  const at = (positionMs: number) => ((positionMs + span.epochMs - grid.epochMs) * grid.frameRate) / 1000;
  // Plus 0: not -0.
  const start = Math.ceil(at(span.startMs) - tolerance) + 0;
  return {
    grid,
    span,
    start,
    end: Math.max(start + 1, Math.round(at(span.endMs))),
    live: span.live,
    gaps: span.gaps.map(({ startMs, endMs }) => ({
      start: Math.round(at(startMs)),
      end: Math.ceil(at(endMs) - tolerance),
    })),
  };
}

/** Milliseconds from frame 0: what people read. */
export function timeOf({ frameRate }: FrameGrid, frame: number): number {
  return (frame * 1000) / frameRate;
}

export function frameNearest({ frameRate }: FrameGrid, timeMs: number): number {
  return Math.round((timeMs * frameRate) / 1000);
}

/** Where in what the entry plays a frame begins, in ms as the server counts; fractions are places within frames. */
export function positionOf({ grid, span }: Media, frame: number): number {
  return timeOf(grid, frame) + grid.epochMs - span.epochMs;
}

/** The frame that is on the screen at a position. */
export function frameAt({ grid, span }: Media, positionMs: number): number {
  return Math.floor(((positionMs + span.epochMs - grid.epochMs) * grid.frameRate) / 1000 + tolerance / 10);
}

export function clampFrame({ start, end }: Pick<Media, 'start' | 'end'>, frame: number): number {
  return Math.min(Math.max(frame, start), end - 1);
}

export function gapAt({ gaps }: Pick<Media, 'gaps'>, frame: number): FrameRange | undefined {
  return gaps.find(({ start, end }) => frame >= start && frame < end);
}

/**
 * What to ask the server for. It cuts before the frame that is on the screen at a time, so the middles of frames are told:
 * the frames that were seen here, even where the picture's times are not as even as the grid's.
 */
export function cutRange(media: Media, { start, end }: FrameRange): { inMs: number; outMs: number } {
  const { span, grid } = media;
  const middle = grid.hasFrames ? 0.5 : 0;
  const gap = media.gaps.find((one) => one.start === end);
  const rest = Math.abs(positionOf(media, end) - span.endMs) < 500 / grid.frameRate && !media.live;
  return {
    inMs: Math.max(span.startMs, positionOf(media, start + middle)),
    outMs: gap ? gapStart(media, gap) : rest ? span.endMs : positionOf(media, end + middle),
  };
}

function gapStart({ gaps, span }: Media, gap: FrameRange): number {
  return span.gaps[gaps.indexOf(gap)]?.startMs ?? 0;
}
