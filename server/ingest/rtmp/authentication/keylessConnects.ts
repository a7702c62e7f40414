import { addressBlock } from '../../../addressBlock.ts';

interface Remembered {
  /** Streams in a row that came without a key. */
  keyless: number;
  /** It was asked for a user name and has not given one since. */
  asked: boolean;
  untilMs: number;
}

const memoryMs = 60_000;
/** One may be a slip; whoever does it again is an encoder that waits to be asked. */
const keylessBeforeAsking = 2;
const most = 10_000;

/**
 * Whether somebody who connects without a word about authentication is to be asked for user name and password. Most
 * are not: their stream name may yet bring a token, and clients without a password give up when they are asked.
 */
export class KeylessConnects {
  readonly #now: () => number;
  readonly #blocks = new Map<string, Remembered>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#blocks.size;
  }

  shouldAsk(address: string): boolean {
    const block = addressBlock(address);
    const known = this.#blocks.get(block);
    if (!known || known.untilMs <= this.#now() || known.asked) {
      // Asked before without an answer: it has no password, so its key must come with the stream name.
      this.#blocks.delete(block);
      return false;
    }
    if (known.keyless < keylessBeforeAsking) return false;
    known.asked = true;
    return true;
  }

  cameWithoutKey(address: string): void {
    const block = addressBlock(address);
    const known = this.#blocks.get(block);
    const keyless = known && known.untilMs > this.#now() ? known.keyless + 1 : 1;
    this.#blocks.delete(block);
    for (const [oldest, { untilMs }] of this.#blocks) {
      if (untilMs > this.#now() && this.#blocks.size < most) break;
      this.#blocks.delete(oldest);
    }
    this.#blocks.set(block, { keyless, asked: false, untilMs: this.#now() + memoryMs });
  }

  /** It has brought a key or a user name. */
  knowsTheWay(address: string): void {
    this.#blocks.delete(addressBlock(address));
  }
}
