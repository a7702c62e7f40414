import { concatBytes } from '../media/mp4/boxWriter.ts';
import { mergeFragments } from '../media/mp4/mergeFragments.ts';
import { writeProducerReference } from '../media/mp4/producerReference.ts';
import { leastPartSeconds, usualPartTargetSeconds } from '../media/partDuration.ts';
import type { NewFragment } from '../segments/segmentStore.ts';
import type { SegmenterEvent } from './segmenter.ts';
import type { TrackFragment } from './trackFragment.ts';

/** What has come of a part. */
interface Part {
  readonly segment: number;
  readonly fragments: TrackFragment[];
}

/** Where times are whole milliseconds, ten frames may fall short of their third of a second. */
const toleranceSeconds = 0.002;
/** A smaller hole belongs to the frame before it, which is shown, or sounds, no longer for it: players step over it. */
const holeSeconds = 0.1;
/** A frame that lasts this many times as long as those before it is none of an even pace. */
const unevenFactor = 1.5;

/**
 * Joins the frames of each track to parts: the fragments that are stored, and handed out before their segment is
 * complete. All last as long as `leastPartSeconds` asks, but the last of a segment and what goes before a hole or
 * before a frame that is so long that the part would be longer than players are told.
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
    let part = this.#parts.get(trackId);
    if (part && (part.segment !== segment || !goesOn(part, fragment))) {
      events.push(this.#take(trackId, part));
      part = undefined;
    }
    if (!part) this.#parts.set(trackId, (part = { segment, fragments: [] }));
    part.fragments.push(fragment);
    if (isWholePart(secondsOf(part))) events.push(this.#take(trackId, part));
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
      durationTicks: decodeEnd(fragments.at(-1)!) - decodeTicks,
      independent: first.independent,
      data:
        fragments.length === 1
          ? concatBytes([reference, first.data])
          : mergeFragments(fragments, first.init, [reference]),
    };
  }
}

export function isWholePart(seconds: number): boolean {
  return seconds >= leastPartSeconds - toleranceSeconds;
}

/** Whether a frame belongs to the part: a `trun` has no holes, and a part is no longer than it has to be. */
function goesOn(part: Part, fragment: TrackFragment): boolean {
  const last = part.fragments.at(-1)!;
  const holeTicks = fragment.media.samples[0]!.decodeTicks - decodeEnd(last);
  const { timescale } = fragment.init;
  if (fragment.init !== last.init || holeTicks < 0 || holeTicks > holeSeconds * timescale) return false;
  const seconds = (holeTicks + fragment.durationTicks) / timescale;
  if (seconds >= leastPartSeconds) return false;
  const before = secondsOf(part);
  return before + seconds <= usualPartTargetSeconds || seconds <= unevenFactor * (before / part.fragments.length);
}

function secondsOf({ fragments }: Part): number {
  const first = fragments[0]!;
  return (decodeEnd(fragments.at(-1)!) - first.media.samples[0]!.decodeTicks) / first.init.timescale;
}

function decodeEnd({ media }: TrackFragment): number {
  const last = media.samples.at(-1)!;
  return last.decodeTicks + last.durationTicks;
}
