import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';

/** So long after something else has begun to play the media of what played before are still given out. */
const rememberedMs = 2 * 3_600_000;
/** Held for those who still ask, and no longer than they do. */
const heldMs = 10 * 60_000;
/** Of all that are held: a day, which takes 70 MB where it has five tracks. */
const defaultMostSegments = 45_000;

/** What an entry plays now. Not held, as the store decides what of it stays in memory. */
interface Playing {
  timeline: WeakRef<TimelineReader>;
  shape: string;
  tag: string;
  seenMs: number;
}

interface Replaced {
  timeline: TimelineReader | undefined;
  readonly replacedMs: number;
  usedMs: number;
}

/**
 * What entries played before they played something else: players that saw a broadcast end, or begin again, still ask for
 * the media they know of. Nobody else is told of anything but what is playing.
 */
export class ChangeOvers {
  readonly #now: () => number;
  readonly #mostSegments: number;
  /** By entry. */
  readonly #playing = new Map<string, Playing>();
  /** By entry and the timeline's tag, longest replaced first. */
  readonly #replaced = new Map<string, Replaced>();

  constructor(now: () => number, mostSegments = defaultMostSegments) {
    this.#now = now;
    this.#mostSegments = mostSegments;
  }

  get heldSegments(): number {
    let sum = 0;
    for (const { timeline } of this.#replaced.values()) sum += timeline?.segments.length ?? 0;
    return sum;
  }

  /** An entry plays this. */
  saw(entryId: string, timeline: TimelineReader): void {
    const seenMs = this.#now();
    const before = this.#playing.get(entryId);
    const old = before?.timeline.deref();
    if (before && old === timeline) {
      before.seenMs = seenMs;
      return;
    }
    const shape = shapeOf(timeline);
    // What is read again when somebody asks again is the same.
    if (before && (old ? shapeOf(old) : before.shape) !== shape) this.#replace(entryId, before.tag, old);
    this.#playing.set(entryId, { timeline: new WeakRef(timeline), shape, tag: timelineTag(timeline), seenMs });
  }

  /**
   * What an entry played not long ago under the tag that a path begins with: `forgotten` where it is not in memory any more;
   * undefined when it played no such thing.
   */
  before(entryId: string, path: string): TimelineReader | 'forgotten' | undefined {
    const replaced = this.#replaced.get(keyOf(entryId, path.slice(0, path.indexOf('/'))));
    const nowMs = this.#now();
    if (!replaced || Math.abs(nowMs - replaced.replacedMs) > rememberedMs) return undefined;
    replaced.usedMs = nowMs;
    return replaced.timeline ?? 'forgotten';
  }

  sweep(): void {
    const nowMs = this.#now();
    // A clock set back must not keep them for ever.
    const isOlder = (ms: number, thanMs: number) => Math.abs(nowMs - ms) > thanMs;
    for (const [entryId, { seenMs }] of this.#playing) if (isOlder(seenMs, rememberedMs)) this.#playing.delete(entryId);
    for (const [key, replaced] of this.#replaced) {
      if (isOlder(replaced.usedMs, heldMs)) replaced.timeline = undefined;
      if (isOlder(replaced.replacedMs, rememberedMs)) this.#replaced.delete(key);
    }
  }

  #replace(entryId: string, tag: string, timeline: TimelineReader | undefined): void {
    const key = keyOf(entryId, tag);
    const nowMs = this.#now();
    this.#replaced.delete(key);
    this.#replaced.set(key, { timeline, replacedMs: nowMs, usedMs: nowMs });
    let held = this.heldSegments;
    for (const replaced of this.#replaced.values()) {
      if (held <= this.#mostSegments) return;
      held -= replaced.timeline?.segments.length ?? 0;
      replaced.timeline = undefined;
    }
  }
}

function keyOf(entryId: string, tag: string): string {
  return `${entryId} ${tag}`;
}

/** The same for timelines that have the same media, now and later. */
function shapeOf({ id, ended, segments }: TimelineReader): string {
  return ended ? `${id} ${segments[0]?.sequence}-${segments.at(-1)?.sequence}` : `${id} live`;
}
