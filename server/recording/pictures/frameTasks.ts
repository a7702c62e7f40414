import type { FfmpegTask } from '../../transcode/ffmpegTask.ts';
import type { CodedFrame } from './frame.ts';

const deadlineMs = 20_000;
/** A picture of 1920 x 1920 at this quality stays far below. */
const maxPictureBytes = 16_000_000;
const jpeg = ['-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '4', '-f', 'mjpeg'];
/** Anamorphic pictures get square pixels; where nothing is said, the aspect is 1. */
const squarePixels = 'scale=iw*sar:ih';

/** Decodes until the frame, and makes a JPEG of it that is no wider than asked and not enlarged. */
export function frameTask({ bytes, ticks }: CodedFrame, width: number): FfmpegTask {
  const filters = [String.raw`select=gte(pts\,${ticks})`, ...fitted(width)];
  return {
    inputs: [{ args: ['-threads', '1', '-copyts', '-f', 'mp4'], from: bytes }],
    outputs: [
      {
        args: ['-an', '-vf', filters.join(','), '-fps_mode', 'passthrough', ...jpeg],
        to: { maxBytes: maxPictureBytes },
      },
    ],
    deadlineMs,
  };
}

/** What was stored as JPEG, no wider than asked. */
export function resizeTask(picture: Buffer, width: number): FfmpegTask {
  return {
    inputs: [{ args: ['-threads', '1', '-f', 'jpeg_pipe'], from: picture }],
    outputs: [{ args: ['-vf', fitted(width).join(','), ...jpeg], to: { maxBytes: maxPictureBytes } }],
    deadlineMs,
  };
}

function fitted(width: number): string[] {
  return [squarePixels, String.raw`scale=min(${width}\,iw):-1`, 'setsar=1', 'format=yuvj420p'];
}
