import { Readable } from 'node:stream';
import { refuse, type Refusal } from '../errors.ts';
import { isMissingFile } from '../missingFile.ts';
import type { StoredBytes } from '../segments/segmentStore.ts';

const defaultLimitBytes = 32 * 1024 * 1024;

/**
 * Media that a format makes from what is stored: made once for all who ask at the same time, and what was asked for
 * last is kept, up to a number of bytes.
 */
export class MadeMedia {
  readonly #limitBytes: number;
  readonly #making = new Map<string, Promise<StoredBytes | Refusal>>();
  readonly #kept = new Map<string, Buffer>();
  #keptBytes = 0;

  constructor(limitBytes = defaultLimitBytes) {
    this.#limitBytes = limitBytes;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** The key has to name the timeline as well. What was evicted from the store before it could be read is refused. */
  async of(key: string, make: () => Promise<Buffer | Refusal>): Promise<StoredBytes | Refusal> {
    const kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return new BytesInMemory(kept);
    }
    let making = this.#making.get(key);
    if (!making) {
      making = this.#make(key, make).finally(() => this.#making.delete(key));
      this.#making.set(key, making);
    }
    return await making;
  }

  async #make(key: string, make: () => Promise<Buffer | Refusal>): Promise<StoredBytes | Refusal> {
    try {
      const made = await make();
      if (!Buffer.isBuffer(made)) return made;
      this.#keep(key, made);
      return new BytesInMemory(made);
    } catch (error) {
      if (isMissingFile(error)) return refuse('segmentNotFound');
      throw error;
    }
  }

  #keep(key: string, made: Buffer): void {
    this.#kept.set(key, made);
    this.#keptBytes += made.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= this.#limitBytes) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}

/** Bytes that are in memory as a whole, read as stored ones are. */
class BytesInMemory implements StoredBytes {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  stream(range?: { start: number; end: number }): Readable {
    const bytes = range ? this.#bytes.subarray(range.start, range.end + 1) : this.#bytes;
    return Readable.from(bytes.length === 0 ? [] : [bytes], { objectMode: false });
  }

  buffer(): Promise<Buffer> {
    return Promise.resolve(this.#bytes);
  }
}
