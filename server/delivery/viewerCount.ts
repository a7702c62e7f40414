const windowMs = 15_000;
const defaultMostClients = 100_000;

/** How many clients lately asked for each entry's media. */
export class ViewerCount {
  readonly #now: () => number;
  readonly #mostClients: number;
  /** Per entry the clients and when they last asked, in that order. */
  readonly #entries = new Map<string, Map<string, number>>();
  #clients = 0;

  constructor(now: () => number, mostClients = defaultMostClients) {
    this.#now = now;
    this.#mostClients = mostClients;
  }

  saw(entryId: string, client: string): void {
    let clients = this.#entries.get(entryId);
    if (clients?.delete(client)) this.#clients--;
    if (this.#clients >= this.#mostClients) return;
    if (!clients) this.#entries.set(entryId, (clients = new Map()));
    clients.set(client, this.#now());
    this.#clients++;
  }

  count(entryId: string): number {
    const clients = this.#entries.get(entryId);
    if (!clients) return 0;
    const nowMs = this.#now();
    for (const [client, seenMs] of clients) {
      if (Math.abs(nowMs - seenMs) <= windowMs) break;
      clients.delete(client);
      this.#clients--;
    }
    if (clients.size === 0) this.#entries.delete(entryId);
    return clients.size;
  }

  /** Forgets all who have gone. */
  sweep(): void {
    for (const entryId of this.#entries.keys()) this.count(entryId);
  }
}
