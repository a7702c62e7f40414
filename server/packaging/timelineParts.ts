import type { TimelineReader } from '../segments/timelineReader.ts';
import { TimelinePart } from './timelinePart.ts';
import type { TimeRange } from './timeRange.ts';

const idleMs = 60_000;
/**
 * Who asks for ever other ranges must not make more of this than there is memory for: so many parts, and so many segments of
 * tracks in all of them, each of which is half a kilobyte once every manifest has been asked for. One part may be larger.
 */
const defaultMost = { parts: 64, trackSegments: 30_000 };

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

  /** Segments of each track in all parts that are kept. */
  get trackSegments(): number {
    let sum = 0;
    for (const { part } of this.#kept.values()) sum += trackSegmentsOf(part);
    return sum;
  }

  /** The timeline itself where that is all the same. Undefined when nothing of it is in the range. */
  of(timeline: TimelineReader, range: TimeRange): TimelineReader | undefined {
    const place = placeOf(timeline, range);
    if (place === undefined || place === 'all') return place && timeline;
    const key = `${timeline.id} ${place}`;
    let kept = this.#kept.get(key);
    this.#kept.delete(key);
    const usedMs = this.#now();
    if (kept?.part.whole !== timeline) kept = { part: new TimelinePart(timeline, range, this.#now), usedMs };
    if (kept.part.segments.length === 0) return undefined;
    kept.usedMs = usedMs;
    this.#kept.set(key, kept);
    this.letGoOfIdle();
    this.#letGoOfMost();
    return kept.part;
  }

  letGoOfIdle(): void {
    const nowMs = this.#now();
    // A clock set back must not keep them for ever.
    for (const [key, { usedMs }] of this.#kept) if (Math.abs(nowMs - usedMs) > idleMs) this.#kept.delete(key);
  }

  /** All but the last that was asked for, if need be. */
  #letGoOfMost(): void {
    let { trackSegments } = this;
    for (const [key, { part }] of this.#kept) {
      if (this.#kept.size <= this.#most.parts && trackSegments <= this.#most.trackSegments) return;
      if (this.#kept.size === 1) return;
      this.#kept.delete(key);
      trackSegments -= trackSegmentsOf(part);
    }
  }
}

function trackSegmentsOf({ segments, periods }: TimelinePart): number {
  return segments.length * Math.max(1, periods.at(-1)?.tracks.length ?? 0);
}

/** The same for all ranges that have the same segments, now and when more have come; undefined when there are none. */
function placeOf({ segments, ended }: TimelineReader, { startMs = -Infinity, endMs = Infinity }: TimeRange) {
  const from = segments.findIndex(
    ({ wallClockMs, durationMs }) => wallClockMs < endMs && wallClockMs + durationMs > startMs,
  );
  if (from < 0) return undefined;
  let to = from + 1;
  for (; to < segments.length; to++) {
    const { wallClockMs, durationMs } = segments[to]!;
    if (wallClockMs >= endMs || wallClockMs + durationMs <= startMs) break;
  }
  const isClosed = to < segments.length || ended;
  const isOpen = !isClosed && endMs === Infinity;
  if (from === 0 && (isOpen || (ended && to === segments.length))) return 'all';
  // What begins at the window's edge moves with it, wherever it began before.
  const start = from === 0 ? '' : String(segments[from]!.sequence);
  return `${start}..${isClosed ? segments[to - 1]!.sequence : isOpen ? '' : `(${endMs})`}`;
}
