import { Fifo } from '../../media/fifo.ts';
import type { Segment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { mediaPath } from '../cmaf/mediaPath.ts';
import { playableTrack } from '../../media/playableTrack.ts';
import { segmentsAtOnce } from '../longWork.ts';
import { SlidingText } from '../slidingText.ts';
import { segmentEntry, startTags, type Entry } from './tags.ts';

/** The listed segments of one period, and the track that stands for the playlist's in it. */
interface Stretch {
  readonly period: number;
  readonly firstSequence: number;
  readonly track: Track | undefined;
}

/** How what a track has of a segment is listed; undefined where that is nothing. */
export type DescribeEntry = (segment: Segment, track: Track) => Entry | undefined;

/** The complete segments of one playlist as text, extended by what is new and shortened by what has left the window. */
export class SegmentList {
  readonly #tag: string;
  readonly #describe: DescribeEntry;
  readonly #entries = new SlidingText();
  readonly #stretches = new Fifo<Stretch>();
  /** Sequences of listed segments that the track does not have. */
  readonly #gaps = new Fifo<number>();
  #firstSequence = 0;
  #nextSequence = 0;

  constructor(tag: string, describe: DescribeEntry) {
    this.#tag = tag;
    this.#describe = describe;
  }

  get length(): number {
    return this.#entries.length;
  }

  get hasGaps(): boolean {
    return this.#gaps.length > 0;
  }

  /** What a player needs at the first listed segment. */
  startTags(first: Segment): string {
    return this.#startTags(first, this.#stretches.first?.track);
  }

  /** What stands before the segment at position `from`, where a playlist's list begins. Valid until the next update. */
  beginning(from: number, first: Segment): Buffer {
    if (from === 0) return Buffer.from(this.startTags(first), 'latin1');
    // RFC 8216bis 4.4.5.2
    return Buffer.concat([Buffer.from(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${from}\n`, 'latin1'), this.lead(from)]);
  }

  /** The segments from position `from` to before `to`, without what stands before the first one. Valid until the next update. */
  text(from: number, to: number): Buffer {
    return this.#entries.from(from, to);
  }

  /** What stands before a segment that follows another one. Valid until the next update. */
  lead(position: number): Buffer {
    return this.#entries.lead(position);
  }

  /**
   * Position of the first segment that ends less than so many seconds of listed media before the playlist's end; of the last
   * one when none does. Nothing is listed of the time between two broadcasts. `behindSeconds` is what is listed behind the
   * complete segments; `segments` are those that are listed. It looks at no more of them than it has to.
   */
  firstWithin(segments: readonly Segment[], seconds: number, behindSeconds = 0): number {
    let position = segments.length - 1;
    for (let fromEnd = behindSeconds; position > 0; position--) {
      fromEnd += this.#listedSeconds(segments[position]!);
      if (fromEnd >= seconds) break;
    }
    return Math.max(0, position);
  }

  /** The track that stands for the playlist's in a listed segment. */
  trackIn(period: number): Track | undefined {
    for (let index = this.#stretches.length - 1; index >= 0; index--) {
      const stretch = this.#stretches.at(index)!;
      if (stretch.period === period) return stretch.track;
    }
    return undefined;
  }

  /** `wanted` is the track's latest definition. The timeline must have a segment. */
  update(timeline: TimelineReader, wanted: Track): void {
    while (this.takeOver(timeline, wanted));
  }

  /** As `update`, but some of what is new only: whether there is more, for the next turn. */
  takeOver(timeline: TimelineReader, wanted: Track): boolean {
    const { segments } = timeline;
    const first = segments[0]!.sequence;
    this.#dropBefore(first);
    const from = this.#nextSequence - first;
    const to = Math.min(segments.length, from + segmentsAtOnce);
    for (let index = from; index < to; index++) this.#append(timeline, segments[index]!, wanted);
    return to < segments.length;
  }

  #dropBefore(sequence: number): void {
    for (; this.#firstSequence < sequence && this.#entries.length > 0; this.#firstSequence++) this.#entries.shift();
    if (this.#entries.length === 0) {
      while (this.#stretches.length > 0) this.#stretches.shift();
      this.#firstSequence = sequence;
      this.#nextSequence = sequence;
    }
    while ((this.#gaps.at(0) ?? Infinity) < sequence) this.#gaps.shift();
    while ((this.#stretches.at(1)?.firstSequence ?? Infinity) <= sequence) this.#stretches.shift();
  }

  #append(timeline: TimelineReader, segment: Segment, wanted: Track): void {
    let lead = '';
    let stretch = this.#stretches.last;
    if (stretch?.period !== segment.period) {
      const follows = stretch !== undefined;
      const period = timeline.periods.find(({ index }) => index === segment.period);
      const track = period && playableTrack(period, wanted);
      stretch = { period: segment.period, firstSequence: segment.sequence, track };
      this.#stretches.push(stretch);
      // RFC 8216bis 4.4.4.3: the timestamps go on, as they do when a player changes to another rendition. Players that put
      // each discontinuity behind what comes before it by its times of decoding would make a hole of it.
      const discontinuity = period?.seamless ? '' : '#EXT-X-DISCONTINUITY\n';
      if (follows) lead = discontinuity + this.#startTags(segment, track);
    }
    const { track } = stretch;
    const entry = this.#entryOf(segment, track);
    if (!entry) this.#gaps.push(segment.sequence);
    const uri = mediaPath.sequence(this.#tag, track?.id ?? wanted.id, segment.sequence);
    const listed = entry ?? { seconds: segment.durationMs / 1000, uri, gap: true };
    this.#entries.push(lead, segmentEntry(listed));
    this.#nextSequence = segment.sequence + 1;
  }

  #entryOf(segment: Segment, track: Track | undefined): Entry | undefined {
    return track && Object.hasOwn(segment.tracks, track.id) ? this.#describe(segment, track) : undefined;
  }

  #listedSeconds(segment: Segment): number {
    return this.#entryOf(segment, this.trackIn(segment.period))?.seconds ?? segment.durationMs / 1000;
  }

  #startTags(segment: Segment, track: Track | undefined): string {
    const own = track && segment.tracks[track.id];
    return startTags(this.#tag, segment, segment.period, track, own?.startTicks);
  }
}
