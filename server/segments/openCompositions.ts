import type { Logger } from '../log.ts';
import { ComposedTimeline } from './composedTimeline.ts';
import type { Composition, Compositions } from './compositions.ts';
import { loadRange } from './loadRange.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import type { StoredTimelines } from './storedTimelines.ts';

/** A day of five tracks takes some 60 MB: what nobody asks for is let go of. */
const idleMs = 60_000;

export interface OpenCompositionsParts {
  readonly compositions: Compositions;
  readonly timelines: StoredTimelines;
  readonly index: SegmentIndex;
  readonly log: Logger;
  readonly now: () => number;
}

interface Opened {
  readonly composition: Composition;
  loading?: Promise<ComposedTimeline | undefined>;
  /** Kept while it is asked for; after that as long as somebody holds it. */
  timeline?: ComposedTimeline;
  held?: WeakRef<ComposedTimeline>;
  usedMs: number;
}

/** Compositions as timelines: read from the index when they are asked for, once for all who ask. */
export class OpenCompositions {
  readonly #parts: OpenCompositionsParts;
  readonly #opened = new Map<string, Opened>();

  constructor(parts: OpenCompositionsParts) {
    this.#parts = parts;
  }

  async get(name: string): Promise<ComposedTimeline | undefined> {
    const { compositions, now } = this.#parts;
    for (;;) {
      const composition = compositions.get(name);
      if (!composition) return undefined;
      const opened = this.#open(composition);
      opened.usedMs = now();
      opened.timeline ??= opened.held?.deref();
      const timeline = opened.timeline ?? (await opened.loading);
      // Meanwhile it may have been composed anew.
      if (compositions.get(name) === composition) return timeline;
    }
  }

  forget(name: string): void {
    this.#opened.delete(name);
  }

  letGoOfIdle(): void {
    const nowMs = this.#parts.now();
    for (const [name, opened] of this.#opened) {
      // A clock set back must not keep them for ever.
      if (Math.abs(nowMs - opened.usedMs) <= idleMs) continue;
      opened.timeline = undefined;
      if (!opened.loading && !opened.held?.deref()) this.#opened.delete(name);
    }
  }

  #open(composition: Composition): Opened {
    const { name } = composition;
    const before = this.#opened.get(name);
    if (before?.composition === composition && (before.loading ?? before.timeline ?? before.held?.deref()))
      return before;
    const opened: Opened = { composition, usedMs: this.#parts.now() };
    this.#opened.set(name, opened);
    opened.loading = this.#load(composition).then(
      (timeline) => {
        opened.loading = undefined;
        opened.timeline = timeline;
        opened.held = timeline && new WeakRef(timeline);
        return timeline;
      },
      (error: unknown) => {
        opened.loading = undefined;
        throw error;
      },
    );
    return opened;
  }

  async #load({ name, entryId, ranges }: Composition): Promise<ComposedTimeline | undefined> {
    const { timelines, index, log, now } = this.#parts;
    const parts = [];
    for (const range of ranges) {
      const part = await loadRange(range, (id) => timelines.find(id), index);
      if (part) parts.push(part);
      else log.debug({ name, ...range }, 'a range of a composition has no media');
    }
    const epochMs = parts[0]?.epochMs ?? timelines.find(ranges[0]?.timelineId ?? '')?.epochMs;
    if (epochMs === undefined) return undefined;
    const onListenerError = (error: unknown) => log.error({ err: error, name }, 'a listener to a composition failed');
    return new ComposedTimeline({ entryId, epochMs, version: now(), parts, onListenerError });
  }
}
