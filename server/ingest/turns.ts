const most = 10_000;

/** When those of one key may go on: one after the other, with a pause before each, and none later than the longest wait. */
export class Turns {
  readonly #pauseMs: number;
  readonly #longestMs: number;
  /** When the last turn of each key is; what is over first comes first, or nearly. */
  readonly #last = new Map<string, number>();

  constructor(pauseMs: number, longestMs: number) {
    this.#pauseMs = pauseMs;
    this.#longestMs = longestMs;
  }

  /** Keys that somebody waits for, or lately did. */
  get size(): number {
    return this.#last.size;
  }

  /** How long to wait from now on. */
  next(key: string, nowMs: number): number {
    const turnMs = Math.max(this.#last.get(key) ?? nowMs, nowMs) + this.#pauseMs;
    if (turnMs - nowMs > this.#longestMs) return this.#longestMs;
    this.#last.delete(key);
    for (const [oldest, lastMs] of this.#last) {
      if (lastMs > nowMs && this.#last.size < most) break;
      this.#last.delete(oldest);
    }
    this.#last.set(key, turnMs);
    return turnMs - nowMs;
  }
}
