import type { Logger } from '../../log.ts';
import type { SegmentRange, SegmentStore } from '../../segments/segmentStore.ts';
import { formerOf } from './compositionNames.ts';

/** Until all players have heard that a video is another one, and have read its manifest anew. */
const usuallyKeptMs = 60_000;

export interface FormerMediaOptions {
  readonly store: Pick<SegmentStore, 'compose' | 'decompose' | 'owners'>;
  readonly log: Logger;
  readonly keptMs?: number;
}

/** What videos played until a moment ago: those who watch them still ask for it. */
export class FormerMedia {
  readonly #options: FormerMediaOptions;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(options: FormerMediaOptions) {
    this.#options = options;
  }

  /** Lets go of what an earlier run of the server has kept. */
  async recover(): Promise<void> {
    for (const [entryId, names] of this.#options.store.owners())
      if (names.includes(formerOf(entryId))) await this.drop(entryId);
  }

  async keep(entryId: string, ranges: readonly SegmentRange[]): Promise<void> {
    if (ranges.length === 0) return;
    const { store, log, keptMs = usuallyKeptMs } = this.#options;
    clearTimeout(this.#timers.get(entryId));
    const timer = setTimeout(() => {
      this.drop(entryId).catch((error: unknown) => log.error({ err: error, entryId }, 'former media are still kept'));
    }, keptMs).unref();
    this.#timers.set(entryId, timer);
    await store.compose(formerOf(entryId), entryId, ranges);
  }

  async drop(entryId: string): Promise<void> {
    clearTimeout(this.#timers.get(entryId));
    this.#timers.delete(entryId);
    await this.#options.store.decompose(formerOf(entryId));
  }

  /** The next start lets go of what is kept. */
  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
