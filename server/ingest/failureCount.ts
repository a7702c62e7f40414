interface Window {
  failures: number;
  readonly untilMs: number;
}

const most = 10_000;

/** How often each key failed within a time that begins with its first failure; a bounded number of keys, the latest. */
export class FailureCount {
  readonly #windowMs: number;
  /** What is over first comes first. */
  readonly #windows = new Map<string, Window>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  get size(): number {
    return this.#windows.size;
  }

  /** Failures of this key with this one. */
  add(key: string, nowMs: number): number {
    const known = this.#windows.get(key);
    if (known && known.untilMs > nowMs) return (known.failures += 1);
    this.#windows.delete(key);
    for (const [oldest, { untilMs }] of this.#windows) {
      if (untilMs > nowMs && this.#windows.size < most) break;
      this.#windows.delete(oldest);
    }
    this.#windows.set(key, { failures: 1, untilMs: nowMs + this.#windowMs });
    return 1;
  }
}
