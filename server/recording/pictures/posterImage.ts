import { refuse, type Refusal } from '../../errors.ts';
import { FfmpegTaskError, type FfmpegTask } from '../../transcode/ffmpegTask.ts';
import type { TaskRunner } from './pictureMaker.ts';
import { largestWidth } from './pictureWidth.ts';

/** More than any camera's picture; what unpacks to more is refused before it is unpacked. */
const mostPixels = 50_000_000;
const deadlineMs = 15_000;

/** No other files, nothing huge; and what is broken somewhere is refused rather than shown with grey in it. */
const wary = ['-protocol_whitelist', 'pipe', '-max_pixels', String(mostPixels), '-xerror', '-err_detect', 'explode'];

const demuxers = { jpeg: 'jpeg_pipe', png: 'png_pipe', webp: 'webp_pipe' } as const;
type ImageType = keyof typeof demuxers;

/** By its first bytes: what the sender says about it does not count. */
function imageTypeOf(image: Uint8Array): ImageType | undefined {
  const head = Buffer.from(image.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  return head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP' ? 'webp' : undefined;
}

/** A JPEG of our own making of somebody's picture. What is sent is never served. */
export async function makePoster(runner: TaskRunner, image: Uint8Array): Promise<Buffer | Refusal> {
  const type = imageTypeOf(image);
  if (!type) return refuse('unreadableImage');
  try {
    const [jpeg] = await runner.run(posterTask(image, type));
    return jpeg && jpeg.length > 0 ? jpeg : refuse('unreadableImage');
  } catch (error) {
    if (!(error instanceof FfmpegTaskError)) throw error;
    return refuse(error.failure === 'overloaded' || error.failure === 'closed' ? 'overloaded' : 'unreadableImage');
  }
}

function posterTask(image: Uint8Array, type: ImageType): FfmpegTask {
  // Large pictures become as wide as the widest that is ever sent.
  const fitted = `scale=min(${largestWidth}\\,iw):min(${2 * largestWidth}\\,ih):force_original_aspect_ratio=decrease`;
  return {
    inputs: [
      {
        args: ['-threads', '1', ...wary, '-f', demuxers[type]],
        from: image,
      },
    ],
    // Transparency becomes white.
    complexFilter: [
      `[0:v]${fitted},setsar=1,format=rgba,split[top][size]`,
      '[size]lutrgb=r=255:g=255:b=255:a=255[white]',
      '[white][top]overlay,format=yuvj420p',
    ],
    outputs: [
      {
        args: ['-frames:v', '1', '-map_metadata', '-1', '-c:v', 'mjpeg', '-q:v', '3', '-f', 'mjpeg'],
        to: { maxBytes: 20_000_000 },
      },
    ],
    deadlineMs,
  };
}
