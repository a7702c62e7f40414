import type { Segment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { mediaPath, timelineTag } from '../cmaf/mediaPath.ts';
import { Fifo } from '../../media/fifo.ts';
import { SlidingText } from '../slidingText.ts';
import { playableTrack } from '../playableTrack.ts';

/** The listed part of a period, and the track that stands for the playlist's in it. */
interface Part {
  readonly period: number;
  readonly firstSequence: number;
  readonly track: Track | undefined;
}

/** The playlist of one track, extended by what is new and shortened by what has left the window (RFC 8216 4.3). */
export class MediaPlaylist {
  readonly #epochMs: number;
  readonly #tag: string;
  readonly #entries = new SlidingText();
  readonly #parts = new Fifo<Part>();
  /** Sequences of listed segments that the track does not have. */
  readonly #gaps = new Fifo<number>();
  #firstSequence = 0;
  #nextSequence = 0;
  #longestSeconds = 0;

  constructor(timeline: TimelineReader) {
    this.#epochMs = timeline.epochMs;
    this.#tag = timelineTag(timeline);
  }

  /** `wanted` is the track's latest definition. The timeline must have a segment. */
  update(timeline: TimelineReader, wanted: Track): Buffer {
    const { segments } = timeline;
    const first = segments[0]!;
    this.#dropBefore(first.sequence);
    for (let index = this.#nextSequence - first.sequence; index < segments.length; index++) {
      this.#append(timeline, segments[index]!, wanted);
    }
    return Buffer.concat([
      Buffer.from(this.#head(timeline, first), 'latin1'),
      this.#entries.from(),
      Buffer.from(timeline.ended ? '#EXT-X-ENDLIST\n' : '', 'latin1'),
    ]);
  }

  #dropBefore(sequence: number): void {
    for (; this.#firstSequence < sequence && this.#entries.length > 0; this.#firstSequence++) this.#entries.shift();
    if (this.#entries.length === 0) {
      while (this.#parts.length > 0) this.#parts.shift();
      this.#firstSequence = sequence;
      this.#nextSequence = sequence;
    }
    while ((this.#gaps.at(0) ?? Infinity) < sequence) this.#gaps.shift();
    while ((this.#parts.at(1)?.firstSequence ?? Infinity) <= sequence) this.#parts.shift();
  }

  #append(timeline: TimelineReader, segment: Segment, wanted: Track): void {
    let lead = '';
    let part = this.#parts.last;
    if (part?.period !== segment.period) {
      const follows = part !== undefined;
      const period = timeline.periods.find(({ index }) => index === segment.period);
      const track = period && playableTrack(period, wanted);
      part = { period: segment.period, firstSequence: segment.sequence, track };
      this.#parts.push(part);
      if (follows) lead = `#EXT-X-DISCONTINUITY\n${this.#startTags(segment, track)}`;
    }
    this.#entries.push(lead, this.#entry(segment, part.track, wanted.id));
    this.#nextSequence = segment.sequence + 1;
  }

  #entry(segment: Segment, track: Track | undefined, wantedId: string): string {
    const own = track && segment.tracks[track.id];
    const seconds = own ? own.durationTicks / track.timescale : segment.durationMs / 1000;
    this.#longestSeconds = Math.max(this.#longestSeconds, seconds);
    if (!own) this.#gaps.push(segment.sequence);
    const uri = mediaPath.sequence(this.#tag, track?.id ?? wantedId, segment.sequence);
    return `#EXTINF:${Number(seconds.toFixed(6))},\n${own ? '' : '#EXT-X-GAP\n'}${uri}\n`;
  }

  #head(timeline: TimelineReader, first: Segment): string {
    // EXT-X-GAP came with version 8. An audio segment may round up where the video's, by which the timeline goes, rounds down.
    const targetSeconds = Math.max(timeline.targetDurationSeconds, Math.round(this.#longestSeconds), 1);
    return `#EXTM3U
#EXT-X-VERSION:${this.#gaps.length > 0 ? 8 : 7}
#EXT-X-TARGETDURATION:${targetSeconds}
#EXT-X-MEDIA-SEQUENCE:${first.sequence}
#EXT-X-DISCONTINUITY-SEQUENCE:${timeline.discontinuitySequence}
${this.#startTags(first, this.#parts.at(0)?.track)}`;
  }

  /** What a player needs where it enters a period. */
  #startTags(segment: Segment, track: Track | undefined): string {
    const own = track && segment.tracks[track.id];
    // Positions and not each segment's arrival: players align audio and video by these dates, and arrival jitters.
    const positionMs = own ? (own.startTicks / track.timescale) * 1000 : segment.startMs;
    const date = new Date(Math.round(this.#epochMs + positionMs)).toISOString();
    const map = track ? `#EXT-X-MAP:URI="${mediaPath.init(this.#tag, track.id, segment.period)}"\n` : '';
    return `${map}#EXT-X-PROGRAM-DATE-TIME:${date}\n`;
  }
}
