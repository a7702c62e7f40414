import type { TimelineReader } from '../segments/timelineReader.ts';

const sweepEveryMs = 10_000;

interface Entry<State> {
  readonly state: State;
  usedMs: number;
}

/** What a packager keeps of each timeline between requests; let go when nobody has asked for it for a while, or with the timeline. */
export class TimelineCache<State> {
  readonly #create: (timeline: TimelineReader) => State;
  readonly #idleMs: number;
  // Weak, for there are as many parts of timelines as viewers can think of: who keeps them bounds what is kept of them.
  readonly #entries = new WeakMap<TimelineReader, Entry<State>>();
  readonly #timelines = new Set<WeakRef<TimelineReader>>();
  #sweptMs = 0;

  constructor(create: (timeline: TimelineReader) => State, idleMs = 60_000) {
    this.#create = create;
    this.#idleMs = idleMs;
  }

  get size(): number {
    return this.#timelines.size;
  }

  of(timeline: TimelineReader, nowMs: number): State {
    this.#sweep(nowMs);
    let entry = this.#entries.get(timeline);
    if (!entry) {
      entry = { state: this.#create(timeline), usedMs: nowMs };
      this.#entries.set(timeline, entry);
      this.#timelines.add(new WeakRef(timeline));
    }
    entry.usedMs = nowMs;
    return entry.state;
  }

  #sweep(nowMs: number): void {
    // A clock set back must not keep entries for ever.
    if (nowMs >= this.#sweptMs && nowMs - this.#sweptMs < sweepEveryMs) return;
    this.#sweptMs = nowMs;
    for (const known of this.#timelines) {
      const timeline = known.deref();
      const entry = timeline && this.#entries.get(timeline);
      if (entry && Math.abs(nowMs - entry.usedMs) <= this.#idleMs) continue;
      if (timeline) this.#entries.delete(timeline);
      this.#timelines.delete(known);
    }
  }
}
