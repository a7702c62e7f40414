import type { TimelineReader } from '../segments/timelineReader.ts';
import { TimelinePart } from './timelinePart.ts';
import { timeRangeQuery, type TimeRange } from './timeRange.ts';

const idleMs = 60_000;
/** Who asks for ever other ranges must not make more of this than there is memory for: so many parts and segments. */
const defaultMost = { parts: 64, segments: 250_000 };

interface Kept {
  readonly part: TimelinePart;
  usedMs: number;
}

/** The parts of timelines that were asked for last, so that packagers keep and extend what they make of them. */
export class TimelineParts {
  readonly #now: () => number;
  readonly #most: typeof defaultMost;
  /** Longest unused first. */
  readonly #kept = new Map<string, Kept>();

  constructor(now: () => number, most = defaultMost) {
    this.#now = now;
    this.#most = most;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Undefined when nothing of the timeline is in the range. */
  of(timeline: TimelineReader, range: TimeRange): TimelineReader | undefined {
    const nowMs = this.#now();
    const key = `${timeline.id} ${timeRangeQuery(range)}`;
    let kept = this.#kept.get(key);
    this.#kept.delete(key);
    if (kept?.part.whole !== timeline) {
      kept = { part: new TimelinePart(timeline, range, this.#now), usedMs: nowMs };
    }
    if (kept.part.segments.length === 0) return undefined;
    kept.usedMs = nowMs;
    this.#kept.set(key, kept);
    this.#letGo(nowMs);
    return kept.part;
  }

  #letGo(nowMs: number): void {
    let segments = 0;
    for (const { part } of this.#kept.values()) segments += part.segments.length;
    for (const [key, { part, usedMs }] of this.#kept) {
      const tooMany = this.#kept.size > this.#most.parts || segments > this.#most.segments;
      if (!tooMany && Math.abs(nowMs - usedMs) <= idleMs) return;
      if (this.#kept.size === 1) return;
      this.#kept.delete(key);
      segments -= part.segments.length;
    }
  }
}
