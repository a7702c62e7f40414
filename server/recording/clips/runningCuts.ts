/** A cut that is being planned or made. */
export interface RunningCut {
  /** Aborted when an entry it needs is deleted, or the server stops. */
  readonly signal: AbortSignal;
  /** It makes or changes this entry, too. */
  needs(entryId: string): void;
  end(): void;
}

interface Running {
  readonly entryIds: Set<string>;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** The cuts that go on now, by the entries they need: none of those can go without them hearing of it. */
export class RunningCuts {
  readonly #running = new Set<Running>();
  #closed: Error | undefined;

  begin(entryIds: Iterable<string>): RunningCut {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const running: Running = { entryIds: new Set(entryIds), abort: new AbortController(), ended };
    this.#running.add(running);
    if (this.#closed) running.abort.abort(this.#closed);
    return {
      signal: running.abort.signal,
      needs: (entryId) => void running.entryIds.add(entryId),
      end: () => {
        this.#running.delete(running);
        resolve();
      },
    };
  }

  /** Stops those that need an entry. Resolves when they have ended. */
  async stop(entryId: string, reason: Error): Promise<void> {
    await this.#stop(reason, ({ entryIds }) => entryIds.has(entryId));
  }

  /** Stops all of them, and whichever begin later. */
  async close(reason: Error): Promise<void> {
    this.#closed = reason;
    await this.#stop(reason, () => true);
  }

  async #stop(reason: Error, concerns: (running: Running) => boolean): Promise<void> {
    const concerned = [...this.#running].filter(concerns);
    for (const { abort } of concerned) abort.abort(reason);
    await Promise.all(concerned.map(({ ended }) => ended));
  }
}
