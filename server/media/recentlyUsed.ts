/** What was asked for last, up to a number of bytes; the rest is let go, the longest unused first. */
export class RecentlyUsed<Value> {
  readonly #limitBytes: number;
  readonly #bytesOf: (value: Value) => number;
  /** Longest unused first. */
  readonly #values = new Map<string, Value>();
  #bytes = 0;

  constructor(limitBytes: number, bytesOf: (value: Value) => number) {
    this.#limitBytes = limitBytes;
    this.#bytesOf = bytesOf;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  /** For a key that is not there. */
  add(key: string, value: Value): void {
    this.#values.set(key, value);
    this.#bytes += this.#bytesOf(value);
    for (const [oldest, old] of this.#values) {
      if (this.#bytes <= this.#limitBytes) return;
      this.#values.delete(oldest);
      this.#bytes -= this.#bytesOf(old);
    }
  }
}
