import type { SegmenterEvent } from './segmenter.ts';
import type { TrackFiller } from './trackFiller.ts';
import type { TrackFragment } from './trackFragment.ts';

/** Players step over less, and no two tracks end at the same sample. */
const toleranceMs = 100;
/** In AAC frames, which are long at low sample rates. */
const toleranceFrames = 2;

interface Coverage {
  readonly filler: TrackFiller;
  readonly toleranceTicks: number;
  /** Presentation end of what the track has in this period. */
  untilTicks: number;
  /** It has nothing yet. */
  isEmpty: boolean;
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
  readonly #tracks: () => ReadonlyMap<string, TrackFiller>;
  #coverage: ReadonlyMap<string, Coverage> = new Map();
  #open: OpenSegment[] = [];

  /** `tracks` are those of a period that begins now. */
  constructor(tracks: () => ReadonlyMap<string, TrackFiller>) {
    this.#tracks = tracks;
  }

  /** The same events, with more media among them. */
  fillHoles(events: readonly Event[]): Event[] {
    return events.flatMap((event) => {
      if (event.type === 'open') return this.#opened(event);
      if (event.type === 'append') return this.#appended(event);
      return event.type === 'complete' ? this.#completed(event) : [event];
    });
  }

  #opened(event: Event & { type: 'open' }): Event[] {
    const { segment, startMs, newPeriod } = event;
    if (newPeriod) this.#coverage = beginPeriod(this.#tracks(), startMs);
    this.#open.push({ segment, startMs, coverage: this.#coverage });
    return [event];
  }

  #appended(event: Event & { type: 'append' }): Event[] {
    const { segment, trackId, fragment } = event;
    const coverage = this.#open.find((open) => open.segment === segment)?.coverage.get(trackId);
    if (!coverage) return [event];
    // Pictures that are no key frames go on from what was there before the hole.
    const holes = fragment.independent ? this.#fillTrack(trackId, coverage, fragment.startTicks) : [];
    coverage.filler.learn(fragment);
    coverage.untilTicks = Math.max(coverage.untilTicks, presentationEnd(fragment));
    coverage.isEmpty = false;
    return [...holes, event];
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
      const { filler, untilTicks, isEmpty } = coverage;
      const endTicks = Math.round((endMs * filler.init.timescale) / 1000);
      if (isEmpty)
        events.push(...this.#fillTrack(trackId, coverage, Math.max(endTicks, untilTicks + filler.frameTicks), 0));
      else events.push(...this.#fillTrack(trackId, coverage, endTicks));
    }
    this.#open.splice(index, 1);
    return [...events, event];
  }

  /** Up to a time, in each of the open segments that it touches. */
  #fillTrack(trackId: string, coverage: Coverage, toTicks: number, toleranceTicks = coverage.toleranceTicks): Event[] {
    if (toTicks - coverage.untilTicks <= toleranceTicks) return [];
    const events: Event[] = [];
    const { timescale } = coverage.filler.init;
    this.#open.forEach(({ segment, coverage: tracks }, index) => {
      if (tracks.get(trackId) !== coverage) return;
      const nextMs = this.#open[index + 1]?.startMs ?? Infinity;
      const endTicks = Math.min(toTicks, Math.round((nextMs * timescale) / 1000));
      const fragment = coverage.filler.fill(coverage.untilTicks, endTicks);
      if (!fragment) return;
      coverage.untilTicks = fragment.startTicks + fragment.durationTicks;
      coverage.isEmpty = false;
      events.push({ type: 'append', segment, trackId, fragment });
    });
    return events;
  }
}

function beginPeriod(tracks: ReadonlyMap<string, TrackFiller>, startMs: number): Map<string, Coverage> {
  return new Map(
    Array.from(tracks, ([id, filler]) => {
      const { timescale } = filler.init;
      const toleranceTicks = Math.max((toleranceMs * timescale) / 1000, toleranceFrames * filler.frameTicks);
      return [id, { filler, toleranceTicks, untilTicks: Math.round((startMs * timescale) / 1000), isEmpty: true }];
    }),
  );
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
