import { isWholePart } from './partCutter.ts';
import type { SegmenterEvent } from './segmenter.ts';
import type { TrackFiller } from './trackFiller.ts';
import type { TrackFragment } from './trackFragment.ts';

/** Players step over less, and no two tracks end at the same sample. */
const toleranceMs = 100;
/** In AAC frames, which are long at low sample rates. */
const toleranceFrames = 2;
/** A track this far behind the others is not waited for any more. */
const silentAfterMs = 3000;
/** A longer hole is a clock that has jumped; nobody would sit through it. */
const longestHoleSeconds = 600;

interface Coverage {
  readonly filler: TrackFiller;
  readonly toleranceTicks: number;
  /** Presentation end of what the track has in this period. */
  untilTicks: number;
  /** Presentation end of the last that the source sent: its silence counts from there, also where it has been filled. */
  quietFromTicks: number;
  /** It has nothing yet. */
  isEmpty: boolean;
  /** The last it has was made here. */
  isFilled: boolean;
  /** The source may have more of it; what the source does not have, or has stopped sending, is made as the others come. */
  isAwaited: boolean;
  /** What has come of a part (`PartCutter`), and in which segment. */
  begun: { readonly segment: number; readonly ticks: number };
  /** The source has the track. */
  readonly isPresent: boolean;
}

interface OpenSegment {
  readonly segment: number;
  readonly startMs: number;
  /** Of its period, by track id. */
  readonly coverage: ReadonlyMap<string, Coverage>;
}

type Event = SegmenterEvent<TrackFragment>;

/**
 * Sees to it that no track of a period has a hole. A player needs sound and picture to go on, so that one that stops at
 * the source, or is late, would stop the other for every viewer.
 */
export class GapFiller {
  readonly #present: () => ReadonlyMap<string, TrackFiller>;
  readonly #missing: () => ReadonlyMap<string, TrackFiller>;
  #coverage: ReadonlyMap<string, Coverage> = new Map();
  #open: OpenSegment[] = [];

  /** The tracks of a period that begins now: those that the source has, and those that it does not. */
  constructor(
    present: () => ReadonlyMap<string, TrackFiller>,
    missing: () => ReadonlyMap<string, TrackFiller> = () => new Map(),
  ) {
    this.#present = present;
    this.#missing = missing;
  }

  /** The same events, with more media among them, and without what came after its place was filled. */
  fillHoles(events: readonly Event[]): Event[] {
    const filled = events.flatMap((event) => {
      if (event.type === 'open') return this.#opened(event);
      if (event.type === 'append') return this.#appended(event);
      return event.type === 'complete' ? this.#completed(event) : [event];
    });
    return [...filled, ...this.#keepUp()];
  }

  #opened(event: Event & { type: 'open' }): Event[] {
    const { segment, startMs, newPeriod } = event;
    if (newPeriod) {
      const present = this.#present();
      const missing = Array.from(this.#missing()).filter(([id]) => !present.has(id));
      this.#coverage = new Map([
        ...Array.from(present, ([id, filler]) => [id, beginTrack(filler, startMs, true)] as const),
        ...missing.map(([id, filler]) => [id, beginTrack(filler, startMs, false)] as const),
      ]);
    }
    this.#open.push({ segment, startMs, coverage: this.#coverage });
    return [event];
  }

  #appended(event: Event & { type: 'append' }): Event[] {
    const { segment, trackId } = event;
    const coverage = this.#open.find((open) => open.segment === segment)?.coverage.get(trackId);
    if (!coverage) return [event];
    const fragment = coverage.filler.withoutHole(event.fragment, coverage.toleranceTicks);
    // It is being sent again, though it may be a little behind the others: what comes next is waited for.
    if (!coverage.isAwaited) this.#awaitKind(coverage.filler.init.kind);
    coverage.isAwaited = true;
    coverage.quietFromTicks = coverage.untilTicks;
    if (comesTooLate(fragment, coverage)) return [];
    // Pictures that are no key frames go on from what was there before the hole.
    const holes = fragment.independent ? this.#fillTrack(trackId, coverage, fragment.startTicks) : [];
    coverage.filler.learn(fragment);
    coverage.untilTicks = coverage.quietFromTicks = Math.max(coverage.untilTicks, presentationEnd(fragment));
    coverage.isEmpty = coverage.isFilled = false;
    coverage.begun = { segment, ticks: begunTicks(coverage, segment, fragment) };
    return [...holes, { ...event, fragment }];
  }

  /** What is made of a picture that has returned returns soon after. */
  #awaitKind(kind: 'video' | 'audio'): void {
    for (const coverage of this.#coverage.values()) {
      if (!coverage.isPresent || coverage.filler.init.kind !== kind) continue;
      coverage.isAwaited = true;
      coverage.quietFromTicks = coverage.untilTicks;
    }
  }

  /**
   * No media of its time will come any more. The last segment ends with its longest track. However short its first one,
   * a period has something of each track: players take one without sound for the end of all sound.
   */
  #completed(event: Event & { type: 'complete' }): Event[] {
    const index = this.#open.findIndex(({ segment }) => segment === event.segment);
    const closing = this.#open[index];
    if (!closing) return [event];
    const endMs = this.#open[index + 1]?.startMs ?? Math.max(...Array.from(closing.coverage.values(), untilMs));
    const events: Event[] = [];
    for (const [trackId, coverage] of closing.coverage) {
      const { filler, untilTicks, isEmpty, isAwaited, toleranceTicks } = coverage;
      const endTicks = Math.round((endMs * filler.init.timescale) / 1000);
      const toTicks = isEmpty ? Math.max(endTicks, untilTicks + filler.frameTicks) : endTicks;
      events.push(...this.#fillTrack(trackId, coverage, toTicks, isEmpty || !isAwaited ? 0 : toleranceTicks));
    }
    this.#open.splice(index, 1);
    return [...events, event];
  }

  /** Tracks that are not waited for are made as far as the others have come, so that viewers get all at the same pace. */
  #keepUp(): Event[] {
    const reachedMs = Math.max(...Array.from(this.#coverage.values(), untilMs));
    return Array.from(this.#coverage).flatMap(([trackId, coverage]) => {
      const quietFromMs = (coverage.quietFromTicks * 1000) / coverage.filler.init.timescale;
      coverage.isAwaited &&= reachedMs - quietFromMs <= silentAfterMs;
      const reachedTicks = Math.floor((reachedMs * coverage.filler.init.timescale) / 1000);
      return coverage.isAwaited ? [] : this.#fillTrack(trackId, coverage, reachedTicks, 0, true);
    });
  }

  /** Up to a time, in each of the open segments that it touches. `whole`: more will follow in the last of them. */
  #fillTrack(
    trackId: string,
    coverage: Coverage,
    toTicks: number,
    toleranceTicks = coverage.toleranceTicks,
    whole = false,
  ): Event[] {
    if (toTicks - coverage.untilTicks <= toleranceTicks) return [];
    const events: Event[] = [];
    const { timescale } = coverage.filler.init;
    if (toTicks - coverage.untilTicks > longestHoleSeconds * timescale) {
      coverage.untilTicks = toTicks;
      return [];
    }
    this.#open.forEach(({ segment, coverage: tracks }, index) => {
      if (tracks.get(trackId) !== coverage) return;
      const next = this.#open[index + 1];
      const endTicks = next ? Math.min(toTicks, Math.round((next.startMs * timescale) / 1000)) : toTicks;
      const begun = coverage.begun.segment === segment ? coverage.begun.ticks : 0;
      const isWhole = whole && endTicks === toTicks;
      for (const fragment of coverage.filler.fill(coverage.untilTicks, endTicks, isWhole, begun)) {
        coverage.begun = { segment, ticks: 0 };
        coverage.untilTicks = fragment.startTicks + fragment.durationTicks;
        coverage.isEmpty = false;
        coverage.isFilled = true;
        events.push({ type: 'append', segment, trackId, fragment });
      }
    });
    return events;
  }
}

function beginTrack(filler: TrackFiller, startMs: number, isPresent: boolean): Coverage {
  const { timescale } = filler.init;
  const toleranceTicks = Math.max((toleranceMs * timescale) / 1000, toleranceFrames * filler.frameTicks);
  const untilTicks = Math.round((startMs * timescale) / 1000);
  return {
    filler,
    toleranceTicks,
    untilTicks,
    quietFromTicks: untilTicks,
    isEmpty: true,
    isFilled: false,
    begun: { segment: -1, ticks: 0 },
    isAwaited: isPresent,
    isPresent,
  };
}

/** How much of a part there is with the fragment: none once that is a whole one. */
function begunTicks({ begun, filler }: Coverage, segment: number, { durationTicks }: TrackFragment): number {
  const ticks = (begun.segment === segment ? begun.ticks : 0) + durationTicks;
  return isWholePart(ticks / filler.init.timescale) ? 0 : ticks;
}

/** Its place has been filled, or it goes on from a picture that is not the last one any more. */
function comesTooLate({ startTicks, independent }: TrackFragment, { isFilled, untilTicks }: Coverage): boolean {
  return isFilled && (startTicks < untilTicks || !independent);
}

function untilMs({ untilTicks, filler }: Coverage): number {
  return (untilTicks * 1000) / filler.init.timescale;
}

/** Later than the end in decoding time where frames of uneven length are reordered. */
function presentationEnd({ media, startTicks, durationTicks }: TrackFragment): number {
  let end = startTicks + durationTicks;
  for (const sample of media.samples) {
    end = Math.max(end, sample.decodeTicks + sample.compositionTicks + sample.durationTicks);
  }
  return end;
}
