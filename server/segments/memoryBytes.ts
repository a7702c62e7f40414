import { Readable } from 'node:stream';
import type { StoredBytes } from './timelineReader.ts';

/** Bytes at hand, as if they were stored. */
export class MemoryBytes implements StoredBytes {
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#bytes.length;
  }

  stream(range?: { start: number; end: number }): Readable {
    const { start, end } = range ?? { start: 0, end: this.length - 1 };
    return Readable.from(end < start ? [] : [this.#bytes.subarray(start, end + 1)], { objectMode: false });
  }

  buffer(): Promise<Buffer> {
    return Promise.resolve(this.#bytes);
  }
}
