import { Readable } from 'node:stream';
import { Fifo } from '../../media/fifo.ts';
import type { StoredBytes } from '../../segments/segmentStore.ts';

const defaultLimitBytes = 64 * 1024 * 1024;
const chunkBytes = 256 * 1024;
/** Each holds a segment's media twice while it is made. */
const mostAtOnce = 4;

/** Fragments computed from stored media: each made once however many ask for it, the last ones kept, up to a number of bytes. */
export class MadeFragments {
  readonly #limitBytes: number;
  readonly #kept = new Map<string, Buffer>();
  readonly #making = new Map<string, Promise<Buffer>>();
  readonly #waiting = new Fifo<() => void>();
  #keptBytes = 0;
  #running = 0;

  constructor(limitBytes = defaultLimitBytes) {
    this.#limitBytes = limitBytes;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** `make` may be called again later, as long as somebody reads. */
  async of(key: string, make: () => Promise<Buffer>): Promise<StoredBytes> {
    const { length } = await this.#bytes(key, make);
    return {
      length,
      buffer: () => this.#bytes(key, make),
      stream: ({ start, end } = { start: 0, end: length - 1 }) =>
        Readable.from(this.#chunks(start, end + 1, key, make), { objectMode: false, highWaterMark: chunkBytes }),
    };
  }

  /** Copies, so that a slow reader holds a chunk and not a whole fragment that has long been let go. */
  async *#chunks(start: number, end: number, key: string, make: () => Promise<Buffer>): AsyncGenerator<Buffer> {
    for (let offset = start; offset < end; offset += chunkBytes) {
      const bytes = await this.#bytes(key, make);
      yield Buffer.from(bytes.subarray(offset, Math.min(end, offset + chunkBytes)));
    }
  }

  #bytes(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return Promise.resolve(kept);
    }
    let making = this.#making.get(key);
    if (!making) {
      making = this.#make(key, make).finally(() => this.#making.delete(key));
      this.#making.set(key, making);
    }
    return making;
  }

  async #make(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
    if (this.#running >= mostAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      const bytes = await make();
      this.#keep(key, bytes);
      return bytes;
    } finally {
      const next = this.#waiting.shift();
      // The place goes over to who has waited longest.
      if (next) next();
      else this.#running--;
    }
  }

  #keep(key: string, bytes: Buffer): void {
    this.#kept.set(key, bytes);
    this.#keptBytes += bytes.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= this.#limitBytes) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}
