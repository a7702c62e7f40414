/** Whoever has fetched nothing for this long and comes back has begun another view. */
const viewPauseMs = 30 * 60_000;
const defaultMostViews = 100_000;

/** Counts views: a client that fetches an entry's media, however long and however often it begins again. */
export class PlayCount {
  readonly #now: () => number;
  readonly #mostViews: number;
  /** When each viewer of an entry was last seen, those seen longest ago first. */
  readonly #seen = new Map<string, number>();
  #plays = new Map<string, number>();

  constructor(now: () => number, mostViews = defaultMostViews) {
    this.#now = now;
    this.#mostViews = mostViews;
  }

  saw(entryId: string, client: string): void {
    const key = `${entryId} ${client}`;
    const nowMs = this.#now();
    const seenMs = this.#seen.get(key);
    const isNew = seenMs === undefined || Math.abs(nowMs - seenMs) > viewPauseMs;
    // A flood of made-up clients is not told from viewers, but neither fills the memory.
    if (seenMs === undefined && this.#seen.size >= this.#mostViews) return;
    this.#seen.delete(key);
    this.#seen.set(key, nowMs);
    if (isNew) this.#plays.set(entryId, (this.#plays.get(entryId) ?? 0) + 1);
  }

  /** Plays since the last call. */
  take(): ReadonlyMap<string, number> {
    const plays = this.#plays;
    this.#plays = new Map();
    return plays;
  }

  /** They could not be put anywhere. */
  giveBack(plays: ReadonlyMap<string, number>): void {
    for (const [entryId, count] of plays) this.#plays.set(entryId, (this.#plays.get(entryId) ?? 0) + count);
  }

  /** Forgets views that are over. */
  sweep(): void {
    const nowMs = this.#now();
    for (const [key, seenMs] of this.#seen) {
      if (Math.abs(nowMs - seenMs) <= viewPauseMs) break;
      this.#seen.delete(key);
    }
  }
}
