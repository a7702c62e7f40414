/** Those of one key go on one after the other, with a pause before each; a bounded number may wait. */
export class Turns {
  readonly #pauseMs: number;
  readonly #most: number;
  readonly #queues = new Map<string, { waiting: number; last: Promise<void> }>();

  constructor(pauseMs: number, most: number) {
    this.#pauseMs = pauseMs;
    this.#most = most;
  }

  /** Keys that somebody waits for. */
  get size(): number {
    return this.#queues.size;
  }

  /** True when it is one's turn; false, at once, when too many wait. */
  async wait(key: string): Promise<boolean> {
    const queue = this.#queues.get(key) ?? { waiting: 0, last: Promise.resolve() };
    if (queue.waiting >= this.#most) return false;
    this.#queues.set(key, queue);
    queue.waiting += 1;
    queue.last = queue.last.then(() => this.#pause());
    await queue.last;
    queue.waiting -= 1;
    if (queue.waiting === 0) this.#queues.delete(key);
    return true;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#pauseMs).unref());
  }
}
