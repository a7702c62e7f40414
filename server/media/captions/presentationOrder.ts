/** Ten seconds of the fastest pictures: what waits beyond it is given out. */
const mostWaiting = 600;

interface Waiting<T> {
  readonly ticks: number;
  readonly item: T;
}

/** Puts what comes in decoding order into the order in which it is shown. */
export class PresentationOrder<T> {
  #waiting: Waiting<T>[] = [];

  push(ticks: number, item: T): void {
    const after = this.#waiting.findLastIndex((other) => other.ticks <= ticks);
    this.#waiting.splice(after + 1, 0, { ticks, item });
  }

  /** What is shown before a time, and what is too much. */
  take(beforeTicks: number): readonly Waiting<T>[] {
    const first = this.#waiting.findIndex(({ ticks }) => ticks >= beforeTicks);
    const due = first < 0 ? this.#waiting.length : first;
    return this.#waiting.splice(0, Math.max(due, this.#waiting.length - mostWaiting));
  }
}
