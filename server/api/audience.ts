/** Which connections are playing what. */
export class Audience {
  readonly #playing = new Map<string, Set<string>>();

  set(entryId: string, connectionId: string, playing: boolean): void {
    if (!playing) {
      this.#remove(entryId, connectionId);
      return;
    }
    const connections = this.#playing.get(entryId);
    if (connections) connections.add(connectionId);
    else this.#playing.set(entryId, new Set([connectionId]));
  }

  viewers(entryId: string): number {
    return this.#playing.get(entryId)?.size ?? 0;
  }

  #remove(entryId: string, connectionId: string): void {
    const connections = this.#playing.get(entryId);
    if (connections?.delete(connectionId) && connections.size === 0) this.#playing.delete(entryId);
  }
}
