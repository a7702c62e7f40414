import type { Fragment, Segment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { mediaPath, timelineTag } from '../cmaf/mediaPath.ts';
import { partPath } from '../cmaf/partPath.ts';
import { partAddress } from '../cmaf/parts.ts';
import { playableTrack } from '../../media/playableTrack.ts';
import { durationTicksOf, growingEntries, playlistEnd, type GrowingEntry, type PlaylistEnd } from './growth.ts';
import { playlistHead, playlistType } from './playlistHead.ts';
import type { Presentation } from './presentation.ts';
import { SegmentList } from './segmentList.ts';
import { decimalSeconds, partEntry, segmentEntry, startTags } from './tags.ts';

/** Parts are listed for the segment being written and this many before it; where those are short, for so long, and for the hold-back. */
const segmentsWithParts = 2;
const leastSecondsWithParts = 2.4;
/** How far ahead of the present part a client may ask for one (RFC 8216bis 6.2.5.2). */
const advancePartSeconds = 3;

/** The playlist of one track (RFC 8216 4.3, RFC 8216bis 4.4). */
export class MediaPlaylist {
  readonly #timeline: TimelineReader;
  readonly #presentation: Presentation;
  readonly #tag: string;
  readonly #list: SegmentList;
  #wanted: Track;
  #growing: readonly GrowingEntry[] = [];
  #end: PlaylistEnd = { sequence: 0, part: -1 };
  #growth = -1;

  constructor(timeline: TimelineReader, presentation: Presentation, wanted: Track) {
    this.#timeline = timeline;
    this.#presentation = presentation;
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

  /** Takes over what is new. `wanted` is the track's latest definition. The timeline must have a segment. */
  update(wanted: Track): void {
    const timeline = this.#timeline;
    if (timeline.growth === this.#growth && wanted === this.#wanted) return;
    this.#growth = timeline.growth;
    this.#wanted = wanted;
    this.#list.update(timeline, wanted);
    this.#growing = growingEntries(timeline, wanted);
    this.#end = playlistEnd(timeline, this.#growing, this.#list.trackIn(timeline.segments.at(-1)!.period));
  }

  /** As `update`, but some of the complete segments only: whether there are more, for the next turn. */
  takeOver(wanted: Track): boolean {
    return this.#list.takeOver(this.#timeline, wanted);
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
    const partSeconds = this.#presentation.partTargetSeconds(this.#wanted);
    const aheadSeconds =
      sequence === this.#end.sequence
        ? (part - this.#end.part) * partSeconds
        : part * partSeconds - this.#presentation.targetSeconds;
    return aheadSeconds > Math.max(advancePartSeconds, 3 * partSeconds);
  }

  /** Without what only low latency needs. */
  plain(): Buffer {
    return Buffer.concat([
      this.#head(playlistType(this.#timeline), false),
      ascii(this.#list.startTags(this.#timeline.segments[0]!)),
      this.#list.text(0, this.#list.length),
      ascii(this.#timeline.ended ? '#EXT-X-ENDLIST\n' : ''),
    ]);
  }

  /** With parts, hints and reports, as a delta update where `skip` allows it and there is something to skip. */
  lowLatency(skip: boolean): Buffer {
    const list = this.#list;
    const { segments } = this.#timeline;
    const { skipBoundarySeconds, control } = this.#presentation;
    const partsFrom = this.#partsFrom();
    const listedFrom = skip
      ? Math.min(list.firstWithin(segments, skipBoundarySeconds, this.#growingSeconds), partsFrom)
      : 0;
    const pieces = [
      this.#head(control + this.#partInformation, listedFrom > 0),
      list.beginning(listedFrom, segments[0]!),
      list.text(listedFrom, partsFrom),
    ];
    for (let position = partsFrom; position < list.length; position++) {
      if (position > listedFrom) pieces.push(list.lead(position));
      pieces.push(ascii(this.#partsOf(segments[position]!)), list.text(position, position + 1));
    }
    pieces.push(ascii(this.#growingText() + this.#hint() + this.#presentation.reports(this.#wanted.id)));
    return Buffer.concat(pieces);
  }

  get #finished(): readonly GrowingEntry[] {
    return this.#growing.filter(({ finished }) => finished);
  }

  get #lastWhole(): number {
    return this.#timeline.segments.at(-1)!.sequence + this.#finished.length;
  }

  #head(tags: string, skips: boolean): Buffer {
    const { targetSeconds } = this.#presentation;
    return ascii(playlistHead(this.#timeline, { targetSeconds, hasGaps: this.#list.hasGaps, skips, tags }));
  }

  /** RFC 8216bis 4.4.3.7 */
  get #partInformation(): string {
    return `#EXT-X-PART-INF:PART-TARGET=${decimalSeconds(this.#presentation.partTargetSeconds(this.#wanted))}\n`;
  }

  /** Position of the first segment that is listed with its parts. */
  #partsFrom(): number {
    const { partHoldBackSeconds, partsFrom } = this.#presentation;
    const recent = this.#list.length + this.#finished.length - segmentsWithParts;
    const neededSeconds = Math.max(leastSecondsWithParts, partHoldBackSeconds);
    const needed = this.#list.firstWithin(this.#timeline.segments, neededSeconds, this.#growingSeconds);
    return Math.max(0, partsFrom, Math.min(recent, needed));
  }

  /** Listed of what is being written. */
  get #growingSeconds(): number {
    return this.#growing.reduce((sum, { parts, track }) => sum + durationTicksOf(parts) / track.timescale, 0);
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
