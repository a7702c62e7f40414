import type { Closable } from '../lifecycle.ts';
import type { Logger } from '../log.ts';

const usualIntervalMs = 10 * 60_000;

export interface RetentionOptions {
  /** Videos that are older than they are to be kept. */
  readonly expired: () => Promise<readonly string[]>;
  readonly remove: (entryId: string) => Promise<unknown>;
  readonly log: Logger;
  readonly intervalMs?: number;
}

/** Deletes videos when their time is over; what other entries hold of them stays. */
export class Retention implements Closable {
  readonly #options: RetentionOptions;
  readonly #timer: NodeJS.Timeout;
  #sweeping: Promise<void> | undefined;
  #closed = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.sweep(), options.intervalMs ?? usualIntervalMs).unref();
    void this.sweep();
  }

  /** Never rejects; one at a time. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'videos could not be looked through'))
      .finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { expired, remove, log } = this.#options;
    for (const entryId of await expired()) {
      if (this.#closed) return;
      try {
        await remove(entryId);
        log.info({ entryId }, 'video deleted: it has been kept for as long as it was to be');
      } catch (error) {
        log.error({ err: error, entryId }, 'video could not be deleted');
      }
    }
  }
}
