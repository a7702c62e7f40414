import { Readable } from 'node:stream';
import { isRefusal, refuse, type Refusal } from '../errors.ts';
import { Fifo } from '../media/fifo.ts';
import { isMissingFile } from '../missingFile.ts';
import type { StoredBytes } from '../segments/timelineReader.ts';
import { RecentlyUsed } from '../media/recentlyUsed.ts';

const defaultLimitBytes = 64 * 1024 * 1024;
const chunkBytes = 256 * 1024;
/** Each holds the stored media and what is made of it. */
const mostAtOnce = 4;

type Make = () => Promise<Buffer | Refusal>;

/**
 * Media that a format makes from what is stored: made once for all who ask at the same time, and what was asked for
 * last is kept, up to a number of bytes. Readers hold no more than a chunk of it, however slow they are.
 */
export class MadeMedia {
  readonly #making = new Map<string, Promise<Buffer | Refusal>>();
  readonly #kept: RecentlyUsed<Buffer>;
  readonly #waiting = new Fifo<() => void>();
  #running = 0;

  constructor(limitBytes = defaultLimitBytes) {
    this.#kept = new RecentlyUsed(limitBytes, ({ length }) => length);
  }

  get keptBytes(): number {
    return this.#kept.bytes;
  }

  /**
   * The key has to name the timeline as well. `make` is called again for a reader whose media has been let go meanwhile,
   * and has to make the same. What was evicted from the store before it could be read is refused.
   */
  async of(key: string, make: Make): Promise<StoredBytes | Refusal> {
    const made = await this.#bytes(key, make);
    if (!Buffer.isBuffer(made)) return made;
    const { length } = made;
    return {
      length,
      buffer: () => this.#again(key, make, length),
      stream: ({ start, end } = { start: 0, end: length - 1 }) =>
        Readable.from(
          this.#chunks(() => this.#again(key, make, length), start, end + 1),
          { objectMode: false, highWaterMark: chunkBytes },
        ),
    };
  }

  /** Copies, so that the whole can be let go while a slow reader has a chunk of it. */
  async *#chunks(read: () => Promise<Buffer>, start: number, end: number): AsyncGenerator<Buffer> {
    for (let offset = start; offset < end; offset += chunkBytes) {
      yield Buffer.from((await read()).subarray(offset, Math.min(end, offset + chunkBytes)));
    }
  }

  async #again(key: string, make: Make, length: number): Promise<Buffer> {
    const made = await this.#bytes(key, make);
    if (isRefusal(made)) throw new Error(made.message);
    if (made.length !== length) throw new Error(`${key} has become another`);
    return made;
  }

  #bytes(key: string, make: Make): Promise<Buffer | Refusal> {
    const kept = this.#kept.get(key);
    if (kept) return Promise.resolve(kept);
    let making = this.#making.get(key);
    if (!making) {
      making = this.#make(key, make).finally(() => this.#making.delete(key));
      this.#making.set(key, making);
    }
    return making;
  }

  async #make(key: string, make: Make): Promise<Buffer | Refusal> {
    if (this.#running >= mostAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      const made = await make();
      if (Buffer.isBuffer(made)) this.#kept.add(key, made);
      return made;
    } catch (error) {
      if (isMissingFile(error)) return refuse('segmentNotFound');
      throw error;
    } finally {
      const next = this.#waiting.shift();
      // The place goes over to who has waited longest.
      if (next) next();
      else this.#running--;
    }
  }
}
