import { partTargetSeconds } from '../../media/partDuration.ts';
import type { Fragment, Segment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { mediaPath, timelineTag } from '../cmaf/mediaPath.ts';
import { partPath } from '../cmaf/partPath.ts';
import { partAddress } from '../cmaf/parts.ts';
import { playableTrack } from '../../media/playableTrack.ts';
import { durationTicksOf, growingEntries, playlistEnd, type GrowingEntry, type PlaylistEnd } from './growth.ts';
import { renditionReports, type Siblings } from './renditionReports.ts';
import { SegmentList } from './segmentList.ts';
import { decimalSeconds, partEntry, segmentEntry, startTags } from './tags.ts';

/** In target durations; the least that RFC 8216bis 4.4.3.8 allows. */
const holdBack = 3;
const skipBoundary = 6;
/** In the longest part target of all tracks. */
const partHoldBack = 3;
/** Parts are listed for the segment being written and this many before it, and for so many hold-backs where those are short. */
const segmentsWithParts = 2;
const holdBacksWithParts = 2;
/** How far ahead of the present part a client may ask for one (RFC 8216bis 6.2.5.2). */
const advancePartSeconds = 3;

/** The playlist of one track (RFC 8216 4.3, RFC 8216bis 4.4). */
export class MediaPlaylist {
  readonly #timeline: TimelineReader;
  readonly #tag: string;
  readonly #list: SegmentList;
  #wanted: Track;
  #growing: readonly GrowingEntry[] = [];
  #end: PlaylistEnd = { sequence: 0, part: -1 };
  #partTargetSeconds = 0;
  #growth = -1;

  constructor(timeline: TimelineReader, wanted: Track) {
    this.#timeline = timeline;
    this.#wanted = wanted;
    const tag = (this.#tag = timelineTag(timeline));
    this.#list = new SegmentList(tag, ({ tracks, sequence }, { id, timescale }) => ({
      seconds: tracks[id]!.durationTicks / timescale,
      uri: mediaPath.sequence(tag, id, sequence),
    }));
  }

  get end(): PlaylistEnd {
    return this.#end;
  }

  get partTargetSeconds(): number {
    return this.#partTargetSeconds;
  }

  /** Takes over what is new. `wanted` is the track's latest definition. The timeline must have a segment. */
  update(wanted: Track): void {
    const timeline = this.#timeline;
    if (timeline.growth === this.#growth && wanted === this.#wanted) return;
    this.#growth = timeline.growth;
    this.#wanted = wanted;
    this.#list.update(timeline, wanted);
    this.#growing = growingEntries(timeline, wanted);
    this.#end = playlistEnd(timeline, this.#growing, this.#list.trackIn(timeline.segments.at(-1)!.period));
    const usual = wanted.kind === 'video' ? partTargetSeconds(wanted.frameRate) : partTargetSeconds(0);
    const longest = Math.max(
      0,
      ...this.#growing.flatMap(({ track, parts }) => parts.map((part) => part.durationTicks / track.timescale)),
    );
    this.#partTargetSeconds = Math.max(this.#partTargetSeconds, usual, Math.ceil(longest * 1000 - 0.001) / 1000);
  }

  /** Whether what a reload waits for is listed (RFC 8216bis 6.2.5.2). */
  reaches(sequence: number, part: number | undefined): boolean {
    const { end } = this;
    if (end.sequence > sequence) return true;
    if (part === undefined) return this.#lastWhole >= sequence;
    return end.sequence === sequence && (end.part >= part || end.part < 0);
  }

  /** Whether it lies further ahead than anybody can wait for (RFC 8216bis 6.2.5.2). */
  isFarAhead(sequence: number, part = 0): boolean {
    if (sequence > this.#lastWhole + 2) return true;
    if (sequence < this.#end.sequence) return false;
    const aheadSeconds =
      sequence === this.#end.sequence
        ? (part - this.#end.part) * this.#partTargetSeconds
        : part * this.#partTargetSeconds - this.#targetSeconds;
    return aheadSeconds > Math.max(advancePartSeconds, 3 * this.#partTargetSeconds);
  }

  /** Without what only low latency needs. */
  plain(): Buffer {
    const { ended, windowSeconds } = this.#timeline;
    const first = this.#timeline.segments[0]!;
    return Buffer.concat([
      this.#head(this.#list.hasGaps ? 8 : 7, ended && windowSeconds === 0 ? '#EXT-X-PLAYLIST-TYPE:VOD\n' : ''),
      Buffer.from(this.#list.startTags(first), 'latin1'),
      this.#list.text(0, this.#list.length),
      Buffer.from(ended ? '#EXT-X-ENDLIST\n' : '', 'latin1'),
    ]);
  }

  /** With parts, hints and reports, as a delta update where `skip` allows it and there is something to skip. */
  lowLatency(siblings: Siblings, skip: boolean): Buffer {
    const list = this.#list;
    const { segments } = this.#timeline;
    const partsFrom = this.#partsFrom(siblings);
    const listedFrom = skip ? Math.min(this.#firstWithin(skipBoundary * this.#targetSeconds), partsFrom) : 0;
    const pieces = [this.#head(9, this.#control(siblings))];
    if (listedFrom > 0) pieces.push(ascii(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${listedFrom}\n`), list.lead(listedFrom));
    else pieces.push(ascii(list.startTags(segments[0]!)));
    pieces.push(list.text(listedFrom, partsFrom));
    for (let position = partsFrom; position < list.length; position++) {
      if (position > listedFrom) pieces.push(list.lead(position));
      pieces.push(ascii(this.#partsOf(segments[position]!)), list.text(position, position + 1));
    }
    pieces.push(ascii(this.#growingText() + this.#hint() + renditionReports(siblings, this.#wanted.id)));
    return Buffer.concat(pieces);
  }

  get #finished(): readonly GrowingEntry[] {
    return this.#growing.filter(({ finished }) => finished);
  }

  get #lastWhole(): number {
    return this.#timeline.segments.at(-1)!.sequence + this.#finished.length;
  }

  get #targetSeconds(): number {
    // An audio segment may round up where the video's, by which the timeline goes, rounds down.
    const growing = this.#finished.map(({ parts, track }) => durationTicksOf(parts) / track.timescale);
    const longestSeconds = Math.max(this.#list.longestSeconds, ...growing);
    return Math.max(this.#timeline.targetDurationSeconds, Math.round(longestSeconds), 1);
  }

  #head(version: number, tags: string): Buffer {
    return ascii(`#EXTM3U
#EXT-X-VERSION:${version}
#EXT-X-TARGETDURATION:${this.#targetSeconds}
${tags}#EXT-X-MEDIA-SEQUENCE:${this.#timeline.segments[0]!.sequence}
#EXT-X-DISCONTINUITY-SEQUENCE:${this.#timeline.discontinuitySequence}
`);
  }

  #control({ longestPartTargetSeconds }: Siblings): string {
    const target = this.#targetSeconds;
    return `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${decimalSeconds(partHoldBack * longestPartTargetSeconds)},HOLD-BACK=${holdBack * target},CAN-SKIP-UNTIL=${skipBoundary * target}
#EXT-X-PART-INF:PART-TARGET=${decimalSeconds(this.#partTargetSeconds)}
`;
  }

  /** Position of the first segment that is listed with its parts. */
  #partsFrom({ longestPartTargetSeconds }: Siblings): number {
    const recent = this.#list.length + this.#finished.length - segmentsWithParts;
    const needed = this.#firstWithin(holdBacksWithParts * partHoldBack * longestPartTargetSeconds);
    return Math.max(0, Math.min(recent, needed));
  }

  /** Position of the first complete segment that ends less than this before the playlist does. */
  #firstWithin(seconds: number): number {
    const { segments } = this.#timeline;
    const last = segments.at(-1)!;
    const newest = this.#growing.at(-1);
    const endMs = newest
      ? newest.segment.startMs + (durationTicksOf(newest.parts) / newest.track.timescale) * 1000
      : last.startMs + last.durationMs;
    let position = segments.length - 1;
    for (; position > 0; position--) {
      const { startMs, durationMs } = segments[position - 1]!;
      if (endMs - startMs - durationMs >= seconds * 1000) break;
    }
    return position;
  }

  #partsOf(segment: Segment): string {
    const track = this.#list.trackIn(segment.period);
    const own = track && segment.tracks[track.id];
    return own ? this.#partEntries(segment.sequence, track, own.fragments) : '';
  }

  #partEntries(sequence: number, track: Track, parts: readonly Fragment[]): string {
    const uri = (part: number) => partPath(this.#tag, partAddress(this.#timeline, sequence, track.id, part));
    return parts.map((part, index) => partEntry(part, track.timescale, uri(index))).join('');
  }

  #growingText(): string {
    let text = '';
    let period = this.#timeline.segments.at(-1)!.period;
    for (const { segment, track, parts, finished } of this.#growing) {
      const { index } = segment.period;
      if (index !== period)
        text += `#EXT-X-DISCONTINUITY\n${startTags(this.#tag, segment, index, track, parts[0]!.startTicks)}`;
      period = index;
      text += this.#partEntries(segment.sequence, track, parts);
      if (!finished) continue;
      const uri = mediaPath.sequence(this.#tag, track.id, segment.sequence);
      text += segmentEntry({ seconds: durationTicksOf(parts) / track.timescale, uri });
    }
    return text;
  }

  /** RFC 8216bis 4.4.5.3 */
  #hint(): string {
    const { sequence, part } = this.#end;
    const track = this.#growing.at(-1)?.track ?? playableTrack(this.#timeline.periods.at(-1)!, this.#wanted);
    if (!track) return '';
    const uri = partPath(this.#tag, { trackId: track.id, sequence, part: part + 1 });
    return `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${uri}"\n`;
  }
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
