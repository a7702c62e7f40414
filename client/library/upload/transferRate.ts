const windowMs = 8000;
const leastMs = 1000;

/** How fast bytes go, by what has gone in the last seconds. */
export class TransferRate {
  #samples: { readonly atMs: number; readonly bytes: number }[] = [];

  /** How many have gone altogether. */
  sent(bytes: number, atMs: number): void {
    this.#samples.push({ atMs, bytes });
    while (this.#samples.length > 2 && atMs - this.#samples[1]!.atMs > windowMs) this.#samples.shift();
  }

  /** Undefined while too little is known. */
  get bytesPerSecond(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.atMs - first.atMs < leastMs) return undefined;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs));
  }

  /** After a pause, what was before it says nothing. */
  reset(): void {
    this.#samples = [];
  }
}

/** `40 seconds left`, `3 minutes left`, `1 h 20 min left`; empty where it cannot be said. */
export function timeLeft(leftBytes: number, bytesPerSecond: number | undefined): string {
  if (!bytesPerSecond) return '';
  const seconds = leftBytes / bytesPerSecond;
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 55) return `${Math.ceil(seconds / 5) * 5} seconds left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes === 1) return 'a minute left';
  if (minutes < 60) return `${minutes} minutes left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}
