import { concatBytes } from '../media/mp4/boxWriter.ts';
import { mergeFragments } from '../media/mp4/mergeFragments.ts';
import { writeProducerReference } from '../media/mp4/producerReference.ts';
import { leastPartSeconds } from '../media/partDuration.ts';
import type { NewFragment } from '../segments/segmentStore.ts';
import type { SegmenterEvent } from './segmenter.ts';
import type { TrackFragment } from './trackFragment.ts';

/** What has come of a part. */
interface Part {
  readonly segment: number;
  readonly fragments: TrackFragment[];
  seconds: number;
}

/** Where times are whole milliseconds, ten frames may fall short of their third of a second. */
const toleranceSeconds = 0.002;

/**
 * Joins the frames of each track to parts: the fragments that are stored, and handed out before their segment is
 * complete. All last as long as `leastPartSeconds` asks, but the last of a segment and what goes before a hole.
 */
export class PartCutter {
  readonly #epochMs: number;
  readonly #parts = new Map<string, Part>();

  /** Wall clock (Unix ms) of position 0: each part tells when it was made. */
  constructor(epochMs: number) {
    this.#epochMs = epochMs;
  }

  /** The same events, with fewer and longer fragments, each given out once its last frame has come. */
  cut(events: readonly SegmenterEvent<TrackFragment>[]): SegmenterEvent<NewFragment>[] {
    return events.flatMap((event) => {
      if (event.type === 'append') return this.#appended(event);
      return event.type === 'complete' ? [...this.#finish(event.segment), event] : [event];
    });
  }

  #appended({ segment, trackId, fragment }: SegmenterEvent<TrackFragment> & { type: 'append' }) {
    const events: SegmenterEvent<NewFragment>[] = [];
    const seconds = fragment.durationTicks / fragment.init.timescale;
    let part = this.#parts.get(trackId);
    if (part && (part.segment !== segment || seconds >= leastPartSeconds || !follows(part, fragment))) {
      events.push(this.#take(trackId, part));
      part = undefined;
    }
    if (!part) this.#parts.set(trackId, (part = { segment, fragments: [], seconds: 0 }));
    part.fragments.push(fragment);
    part.seconds += seconds;
    if (part.seconds >= leastPartSeconds - toleranceSeconds) events.push(this.#take(trackId, part));
    return events;
  }

  /** The last parts of a segment. */
  #finish(segment: number): SegmenterEvent<NewFragment>[] {
    const parts = Array.from(this.#parts).filter(([, part]) => part.segment === segment);
    return parts.map(([trackId, part]) => this.#take(trackId, part));
  }

  #take(trackId: string, { segment, fragments }: Part): SegmenterEvent<NewFragment> {
    this.#parts.delete(trackId);
    return { type: 'append', segment, trackId, fragment: this.#join(fragments) };
  }

  #join(fragments: readonly TrackFragment[]): NewFragment {
    const first = fragments[0]!;
    const { decodeTicks } = first.media.samples[0]!;
    const wallClockMs = this.#epochMs + (decodeTicks * 1000) / first.init.timescale;
    const reference = writeProducerReference(first.init.trackId, wallClockMs, decodeTicks);
    return {
      startTicks: first.startTicks,
      durationTicks: fragments.reduce((ticks, { durationTicks }) => ticks + durationTicks, 0),
      independent: first.independent,
      data:
        fragments.length === 1
          ? concatBytes([reference, first.data])
          : mergeFragments(fragments, first.init, [reference]),
    };
  }
}

/** A `trun` has no holes: what comes after one needs a fragment of its own. */
function follows({ fragments }: Part, { media, init }: TrackFragment): boolean {
  const last = fragments.at(-1)!;
  const sample = last.media.samples.at(-1)!;
  return init === last.init && sample.decodeTicks + sample.durationTicks === media.samples[0]!.decodeTicks;
}
