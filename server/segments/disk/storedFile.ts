import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { StoredBytes } from '../timelineReader.ts';

const chunkBytes = 256 * 1024;

/** The first `length` bytes of a file that does not change. Each read opens it when the first bytes are wanted and closes it. */
export class StoredFile implements StoredBytes {
  readonly length: number;
  readonly #path: string;

  constructor(path: string, length: number) {
    this.#path = path;
    this.length = length;
  }

  stream(range: { start: number; end: number } = { start: 0, end: this.length - 1 }): Readable {
    const { start, end } = range;
    if (this.length === 0) return Readable.from([]);
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end >= this.length)
      throw new RangeError(`bytes ${start}-${end} of ${this.length}`);
    // One chunk ahead at most: a slow reader holds little memory.
    return Readable.from(readRange(this.#path, start, end + 1), { objectMode: false, highWaterMark: chunkBytes });
  }

  async parts(ranges: readonly { start: number; end: number }[]): Promise<Buffer[]> {
    const file = await open(this.#path, 'r');
    try {
      return await Promise.all(ranges.map(({ start, end }) => readPart(file, start, end + 1 - start)));
    } finally {
      await file.close();
    }
  }

  async buffer(): Promise<Buffer> {
    const file = await open(this.#path, 'r');
    try {
      return await readPart(file, 0, this.length);
    } finally {
      await file.close();
    }
  }
}

/** Opens nothing until it is read from; an aborted stream returns from the generator, which closes the file. */
async function* readRange(path: string, start: number, end: number): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    for (let offset = start; offset < end; offset += chunkBytes)
      yield await readPart(file, offset, Math.min(chunkBytes, end - offset));
  } finally {
    await file.close();
  }
}

async function readPart(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) throw new Error(`a stored file ends at byte ${position + filled}`);
    filled += bytesRead;
  }
  return buffer;
}
