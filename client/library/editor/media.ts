import type { RouteBody, RouteResponse } from '../../../shared/api/route.ts';
import type { ApiRoutes } from '../../../shared/api/routes.ts';

export type MediaSpan = RouteResponse<ApiRoutes['getMediaSpan']>;

/** Numbers the frames of an entry, on one line for as long as the editor is open: frame 0 is where its positions begin. */
export interface FrameGrid {
  readonly frameRate: number;
  /** Unix ms of frame 0. */
  readonly epochMs: number;
  /** Unix ms of where the media began when it was made. */
  readonly beganMs: number;
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
  /** Unix ms of the span's position 0, by the clock that the grid goes by. */
  readonly epochMs: number;
}

const ratePerSecondOfSound = 100;
/** Where it is not known how many frames there are in a second. */
const usualFrameRate = 25;
/** Of a frame: times that come as whole milliseconds are a little off. */
const tolerance = 0.05;
/** Of wall clocks. */
const toleranceMs = 1;

/** Live positions count from a moment without a frame: the grid is moved to where frames are. */
export function gridOf({ hasPicture: hasFrames, frameRate, epochMs, startMs }: MediaSpan): FrameGrid {
  const rate = hasFrames ? frameRate || usualFrameRate : ratePerSecondOfSound;
  const frameMs = 1000 / rate;
  const isOnFrame = Math.abs(startMs / frameMs - Math.round(startMs / frameMs)) < 1e-6;
  const beganMs = epochMs + startMs;
  return { frameRate: rate, hasFrames, epochMs: epochMs + (isOnFrame ? 0 : startMs % frameMs), beganMs };
}

/**
 * The part of what the entry plays now that the grid was made of, or began with. A broadcast that has ended may have become the
 * last part of a recording that counts from earlier ones.
 */
function partOf({ parts, epochMs }: MediaSpan, { beganMs }: FrameGrid): MediaSpan['parts'][number] {
  const [first = { startMs: 0, epochMs }] = parts;
  const begins = (part: typeof first) => part.epochMs + part.startMs - toleranceMs;
  if (Math.abs(first.epochMs + first.startMs - beganMs) <= toleranceMs) return first;
  return parts.findLast((part) => begins(part) <= beganMs) ?? first;
}

export function mediaOf(span: MediaSpan, grid: FrameGrid): Media {
  const { startMs: partStartMs, epochMs } = partOf(span, grid);
  const at = (positionMs: number) => ((positionMs + epochMs - grid.epochMs) * grid.frameRate) / 1000;
  // Plus 0: not -0.
  const start = Math.ceil(at(Math.max(span.startMs, partStartMs)) - tolerance) + 0;
  const gaps = span.gaps.map(({ startMs, endMs }) => ({
    start: Math.round(at(startMs)),
    end: Math.ceil(at(endMs) - tolerance),
  }));
  return {
    grid,
    span,
    epochMs,
    start,
    end: Math.max(start + 1, Math.round(at(span.endMs))),
    live: span.live,
    gaps: gaps.filter(({ end }) => end > start),
  };
}

/** The span, on the clock that the grid goes by. */
export function clockedSpan({ span, epochMs }: Media): MediaSpan {
  return { ...span, epochMs };
}

/** Milliseconds from frame 0: what people read. */
export function timeOf({ frameRate }: FrameGrid, frame: number): number {
  return (frame * 1000) / frameRate;
}

export function frameNearest({ frameRate }: FrameGrid, timeMs: number): number {
  return Math.round((timeMs * frameRate) / 1000);
}

/** Where in what the entry plays a frame begins, in ms as the server counts; fractions are places within frames. */
export function positionOf({ grid, epochMs }: Media, frame: number): number {
  return timeOf(grid, frame) + grid.epochMs - epochMs;
}

/** The frame that is on the screen at a position. */
export function frameAt({ grid, epochMs }: Media, positionMs: number): number {
  return Math.floor(((positionMs + epochMs - grid.epochMs) * grid.frameRate) / 1000 + tolerance / 10);
}

export function clampFrame({ start, end }: Pick<Media, 'start' | 'end'>, frame: number): number {
  return Math.min(Math.max(frame, start), end - 1);
}

export function gapAt({ gaps }: Pick<Media, 'gaps'>, frame: number): FrameRange | undefined {
  return gaps.find(({ start, end }) => frame >= start && frame < end);
}

/** What to ask the server for. */
export type CutRange = RouteBody<ApiRoutes['trimEntry']>;

/**
 * The frames that were seen here, even where the picture's times are not as even as the grid's: the server takes the frames that
 * are on the screen at a time, so the middles are told of where the first and the last one are here. The clock is told with them,
 * for the entry may play something else by the time it is asked.
 */
export function cutRange(media: Media, { start, end }: FrameRange): CutRange {
  const { span, grid } = media;
  const half = grid.hasFrames ? 0.5 : 0;
  const inMs = Math.max(span.startMs, positionOf(media, start + half));
  const { epochMs } = span.parts.findLast(({ startMs }) => startMs <= inMs + toleranceMs) ?? span;
  if (grid.hasFrames) return { inMs, lastMs: positionOf(media, end - half), epochMs };
  return { inMs, outMs: soundEnd(media, positionOf(media, end)), epochMs };
}

/** What is left of a hundredth of a second before a gap, or at the end, belongs to it. */
function soundEnd({ span, grid }: Media, outMs: number): number {
  const ends = [...span.gaps.map(({ startMs }) => startMs), ...(span.live ? [] : [span.endMs])];
  return ends.find((endMs) => Math.abs(endMs - outMs) < timeOf(grid, 0.5)) ?? outMs;
}
