import { Readable } from 'node:stream';
import { RecentlyUsed } from '../media/recentlyUsed.ts';
import type { StoredBytes } from '../segments/timelineReader.ts';

const defaultLimitBytes = 128 * 1024 * 1024;
/** More than 15 s of 4K; what is larger is sent from the disk. */
const largestBytes = 16 * 1024 * 1024;
const rememberedNames = 10_000;

/**
 * Media that is asked for more than once in a while, kept in memory: at the live edge all viewers want the same few
 * segments. What is asked for once is left on the disk, so that viewers spread over hours of DVR do not fill memory.
 */
export class HotMedia {
  readonly #kept: RecentlyUsed<Buffer>;
  readonly #askedFor = new RecentlyUsed<true>(rememberedNames, () => 1);
  readonly #reading = new Map<string, Promise<Buffer>>();

  constructor(limitBytes: number = defaultLimitBytes) {
    this.#kept = new RecentlyUsed(limitBytes, ({ length }) => length);
  }

  get bytes(): number {
    return this.#kept.bytes;
  }

  /** The same bytes, from wherever they are. `name` stands for these bytes and no others. */
  of(name: string, stored: StoredBytes): StoredBytes {
    if (stored.length > largestBytes) return stored;
    const kept = this.#kept.get(name);
    if (!kept && !this.#reading.has(name) && !this.#isAskedAgain(name)) return stored;
    const buffer = () => (kept ? Promise.resolve(kept) : this.#read(name, stored));
    return { length: stored.length, buffer, stream: (range) => Readable.from(part(buffer, range), byteMode) };
  }

  #isAskedAgain(name: string): boolean {
    if (this.#askedFor.get(name)) return true;
    this.#askedFor.add(name, true);
    return false;
  }

  #read(name: string, stored: StoredBytes): Promise<Buffer> {
    const known = this.#kept.get(name);
    if (known) return Promise.resolve(known);
    let reading = this.#reading.get(name);
    if (!reading) {
      reading = stored
        .buffer()
        .then((bytes) => {
          this.#kept.add(name, bytes);
          return bytes;
        })
        .finally(() => this.#reading.delete(name));
      this.#reading.set(name, reading);
    }
    return reading;
  }
}

const byteMode = { objectMode: false } as const;

async function* part(buffer: () => Promise<Buffer>, range?: { start: number; end: number }): AsyncGenerator<Buffer> {
  const bytes = await buffer();
  yield range ? bytes.subarray(range.start, range.end + 1) : bytes;
}
