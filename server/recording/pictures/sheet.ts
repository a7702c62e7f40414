import type { FfmpegTask } from '../../transcode/ffmpegTask.ts';
import { columns, placeOf, rows, type StoryboardLayout } from './storyboardLayout.ts';
import type { TileRun } from './tileFrames.ts';

type Run = (task: FfmpegTask) => Promise<Buffer>;

const deadlineMs = 30_000;
const maxSheetBytes = 8_000_000;

/** Decodes the tiles and puts them on one JPEG; tiles without a picture stay black. */
export async function makeSheet(layout: StoryboardLayout, runs: readonly TileRun[], run: Run): Promise<Buffer> {
  const sheet = new Sheet(layout);
  for (const { init, tiles, frames } of runs) {
    const decoded = await decodeTiles(layout, init, frames, run);
    decoded.forEach((picture, index) => picture && sheet.put(tiles[index]!, picture));
  }
  return await run(sheet.encodeTask());
}

/** A picture for each frame. Where not all can be decoded, each by itself, so that none takes another one's place. */
async function decodeTiles(
  layout: StoryboardLayout,
  init: Buffer,
  frames: readonly Buffer[],
  run: Run,
): Promise<(Buffer | undefined)[]> {
  const bytes = frameBytes(layout);
  const raw = await run(decodeTask(layout, [init, ...frames], frames.length)).catch((error: unknown) => {
    if (frames.length === 1) return Buffer.alloc(0);
    throw error;
  });
  if (raw.length === bytes * frames.length) {
    return frames.map((_, index) => raw.subarray(index * bytes, (index + 1) * bytes));
  }
  if (frames.length === 1) return [undefined];
  const pictures: (Buffer | undefined)[] = [];
  for (const frame of frames) pictures.push(...(await decodeTiles(layout, init, [frame], run)));
  return pictures;
}

function decodeTask(layout: StoryboardLayout, parts: readonly Buffer[], frames: number): FfmpegTask {
  const size = `${layout.width}:${layout.height}`;
  const filters = [
    'scale=iw*sar:ih',
    `scale=${size}:force_original_aspect_ratio=decrease`,
    `pad=${size}:(ow-iw)/2:(oh-ih)/2`,
    'format=yuvj420p',
  ];
  return {
    inputs: [{ args: ['-threads', '1', '-flags', 'low_delay', '-copyts', '-f', 'mp4'], from: Buffer.concat(parts) }],
    outputs: [
      {
        args: ['-an', '-vf', filters.join(','), '-fps_mode', 'passthrough', '-f', 'rawvideo'],
        to: { maxBytes: frameBytes(layout) * frames },
      },
    ],
    deadlineMs,
  };
}

/** 4:2:0, planes one after the other. */
function frameBytes({ width, height }: StoryboardLayout): number {
  return (width * height * 3) / 2;
}

class Sheet {
  readonly #layout: StoryboardLayout;
  readonly #width: number;
  readonly #height: number;
  readonly #pixels: Buffer;

  constructor(layout: StoryboardLayout) {
    this.#layout = layout;
    this.#width = layout.width * columns;
    this.#height = layout.height * rows;
    const lumaBytes = this.#width * this.#height;
    this.#pixels = Buffer.alloc((lumaBytes * 3) / 2, 128);
    this.#pixels.fill(0, 0, lumaBytes);
  }

  put(tile: number, picture: Buffer): void {
    const { width, height } = this.#layout;
    const { x, y } = placeOf(this.#layout, tile);
    let from = 0;
    let plane = 0;
    for (const shrink of [1, 2, 2]) {
      const lineBytes = width / shrink;
      const stride = this.#width / shrink;
      for (let line = 0; line < height / shrink; line++) {
        picture.copy(this.#pixels, plane + (y / shrink + line) * stride + x / shrink, from, from + lineBytes);
        from += lineBytes;
      }
      plane += (this.#width * this.#height) / shrink ** 2;
    }
  }

  encodeTask(): FfmpegTask {
    const size = `${this.#width}x${this.#height}`;
    return {
      inputs: [{ args: ['-f', 'rawvideo', '-pix_fmt', 'yuvj420p', '-s', size], from: this.#pixels }],
      outputs: [
        {
          args: ['-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '5', '-f', 'mjpeg'],
          to: { maxBytes: maxSheetBytes },
        },
      ],
      deadlineMs,
    };
  }
}
