import type { Closable } from '../lifecycle.ts';
import type { Logger } from '../log.ts';

const minuteMs = 60_000;

export interface ViewerSample {
  readonly broadcastId: string;
  readonly atMs: number;
  readonly viewers: number;
}

export interface AudienceOptions {
  /** Broadcasts that can be watched now. */
  readonly broadcasts: () => Iterable<{ readonly entryId: string; readonly broadcastId: string }>;
  readonly viewers: (entryId: string) => number;
  readonly add: (samples: readonly ViewerSample[]) => Promise<void>;
  readonly now: () => number;
  readonly log: Logger;
  readonly intervalMs?: number;
}

/** Writes down, once a minute, how many watch each broadcast. */
export class Audience implements Closable {
  readonly #options: AudienceOptions;
  readonly #timer: NodeJS.Timeout;
  #adding: Promise<void> = Promise.resolve();

  constructor(options: AudienceOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.sample(), options.intervalMs ?? minuteMs).unref();
  }

  sample(): void {
    const { broadcasts, viewers, add, now, log } = this.#options;
    const atMs = now();
    const samples = Array.from(broadcasts(), ({ entryId, broadcastId }) => ({
      broadcastId,
      atMs,
      viewers: viewers(entryId),
    }));
    if (samples.length === 0) return;
    this.#adding = this.#adding
      .then(() => add(samples))
      .catch((error: unknown) => log.error({ err: error }, 'viewers could not be stored'));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#adding;
  }
}
