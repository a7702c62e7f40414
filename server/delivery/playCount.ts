/** Whoever has fetched nothing for this long and comes back has begun another view. */
const viewPauseMs = 30 * 60_000;
const defaultMostViews = 100_000;
/**
 * Of one network that begin within half an hour: user agents are easily made up. A school or an office has fewer kinds of
 * devices behind one address; of a network with more, those beyond are not counted.
 */
const mostOfBlock = 100;

interface Newcomers {
  readonly sinceMs: number;
  readonly clients: Set<string>;
}

/** Counts views: a client that fetches an entry's media, however long and however often it begins again. */
export class PlayCount {
  readonly #now: () => number;
  readonly #mostViews: number;
  /** When each viewer of an entry was last seen, those seen longest ago first. */
  readonly #seen = new Map<string, number>();
  /** By address block, those that began longest ago first. */
  readonly #newcomers = new Map<string, Newcomers>();
  #plays = new Map<string, number>();

  constructor(now: () => number, mostViews = defaultMostViews) {
    this.#now = now;
    this.#mostViews = mostViews;
  }

  /** `block`: the network that the client is in. */
  saw(entryId: string, client: string, block: string): void {
    const key = `${entryId} ${client}`;
    const nowMs = this.#now();
    const seenMs = this.#seen.get(key);
    const isNew = seenMs === undefined || Math.abs(nowMs - seenMs) > viewPauseMs;
    if (seenMs === undefined && (this.#seen.size >= this.#mostViews || !this.#lets(client, block))) return;
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
    for (const [block, { sinceMs }] of this.#newcomers) {
      if (Math.abs(nowMs - sinceMs) <= viewPauseMs) break;
      this.#newcomers.delete(block);
    }
  }

  /** Whether a client is one of those that are counted of its network. */
  #lets(client: string, block: string): boolean {
    const nowMs = this.#now();
    let newcomers = this.#newcomers.get(block);
    if (!newcomers || Math.abs(nowMs - newcomers.sinceMs) > viewPauseMs) {
      newcomers = { sinceMs: nowMs, clients: new Set() };
      this.#newcomers.delete(block);
      this.#newcomers.set(block, newcomers);
    }
    const { clients } = newcomers;
    if (!clients.has(client) && clients.size >= mostOfBlock) return false;
    clients.add(client);
    return true;
  }
}
