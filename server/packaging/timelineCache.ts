import type { TimelineReader } from '../segments/timelineReader.ts';

const sweepEveryMs = 10_000;

/** What a packager keeps of each timeline between requests; let go when nobody has asked for it for a while. */
export class TimelineCache<State> {
  readonly #create: (timeline: TimelineReader) => State;
  readonly #idleMs: number;
  readonly #entries = new Map<TimelineReader, { readonly state: State; usedMs: number }>();
  #sweptMs = 0;

  constructor(create: (timeline: TimelineReader) => State, idleMs = 60_000) {
    this.#create = create;
    this.#idleMs = idleMs;
  }

  get size(): number {
    return this.#entries.size;
  }

  of(timeline: TimelineReader, nowMs: number): State {
    this.#sweep(nowMs);
    let entry = this.#entries.get(timeline);
    if (!entry) {
      entry = { state: this.#create(timeline), usedMs: nowMs };
      this.#entries.set(timeline, entry);
    }
    entry.usedMs = nowMs;
    return entry.state;
  }

  #sweep(nowMs: number): void {
    // A clock set back must not keep entries for ever.
    if (nowMs >= this.#sweptMs && nowMs - this.#sweptMs < sweepEveryMs) return;
    this.#sweptMs = nowMs;
    for (const [timeline, entry] of this.#entries) {
      if (Math.abs(nowMs - entry.usedMs) > this.#idleMs) this.#entries.delete(timeline);
    }
  }
}
