import type { Logger } from '../log.ts';
import { ComposedTimeline } from './composedTimeline.ts';
import type { Composition, Compositions } from './compositions.ts';
import { loadRange } from './loadRange.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import type { StoredTimelines } from './storedTimelines.ts';

/** What nobody asks for is let go of. */
const idleMs = 60_000;
/** Kept altogether: two days. A day of five tracks takes 70 MB. */
const defaultMostSegments = 90_000;
/** Longer ones are loaded one after the other: two hours. */
const longSegments = 4000;

export interface OpenCompositionsParts {
  readonly compositions: Compositions;
  readonly timelines: StoredTimelines;
  readonly index: SegmentIndex;
  readonly log: Logger;
  readonly now: () => number;
  readonly mostSegments?: number;
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
  /** Longest unused first. */
  readonly #opened = new Map<string, Opened>();
  #lastLong: Promise<unknown> = Promise.resolve();

  constructor(parts: OpenCompositionsParts) {
    this.#parts = parts;
  }

  /** Segments of those that are kept for those who may ask again; others hold what they need themselves. */
  get keptSegments(): number {
    let sum = 0;
    for (const { timeline } of this.#opened.values()) sum += timeline?.segmentCount ?? 0;
    return sum;
  }

  async get(name: string): Promise<ComposedTimeline | undefined> {
    const { compositions, now } = this.#parts;
    for (;;) {
      const composition = compositions.get(name);
      if (!composition) return undefined;
      const opened = this.#open(composition);
      opened.usedMs = now();
      this.#opened.delete(name);
      this.#opened.set(name, opened);
      const again = opened.timeline ? undefined : opened.held?.deref();
      if (again) this.#keep(opened, again);
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
    opened.loading = this.#loadInTurn(composition).then(
      (timeline) => {
        opened.loading = undefined;
        opened.held = timeline && new WeakRef(timeline);
        // It may have been replaced, or forgotten, while it was loaded.
        if (timeline && this.#opened.get(name) === opened) this.#keep(opened, timeline);
        return timeline;
      },
      (error: unknown) => {
        opened.loading = undefined;
        throw error;
      },
    );
    return opened;
  }

  #keep(opened: Opened, timeline: ComposedTimeline): void {
    opened.timeline = timeline;
    const { mostSegments = defaultMostSegments } = this.#parts;
    let { keptSegments } = this;
    for (const other of this.#opened.values()) {
      if (keptSegments <= mostSegments) return;
      if (other === opened || !other.timeline) continue;
      keptSegments -= other.timeline.segmentCount;
      other.timeline = undefined;
    }
  }

  /** So that memory holds one long one that is half loaded, and not as many as are asked for. */
  #loadInTurn(composition: Composition): Promise<ComposedTimeline | undefined> {
    if (this.#segmentsOf(composition) <= longSegments) return this.#load(composition);
    const loaded = this.#lastLong.then(() => this.#load(composition));
    this.#lastLong = loaded.catch(() => {});
    return loaded;
  }

  /** At most. */
  #segmentsOf({ ranges }: Composition): number {
    return ranges.reduce((sum, { timelineId, first, end }) => {
      const behind = end ?? this.#parts.timelines.find(timelineId)?.nextSequence ?? first;
      return sum + Math.max(0, behind - first);
    }, 0);
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
