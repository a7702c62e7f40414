import type { Period, Segment } from '../../media/timeline.ts';
import type { Track, VideoTrack } from '../../media/track.ts';
import { Fifo } from '../../media/fifo.ts';
import { adaptationSet, type ListedTrack, type LiveFrame } from './adaptationSet.ts';
import type { AnnouncedSegment } from './announcedSegments.ts';
import { SegmentRuns, type SegmentSpan } from './segmentRuns.ts';
import { xmlAttributes, xmlDuration } from '../xml.ts';

/** What all Periods of a presentation have in common. */
interface PresentationFrame {
  /** The position that it begins at. */
  readonly originMs: number;
  readonly live?: LiveFrame;
}

/** What is listed of one Period, and its XML, made again only after a change. */
export class PeriodTimeline {
  readonly period: Period;
  readonly #tag: string;
  readonly #video: readonly VideoTrack[];
  readonly #runs: ReadonlyMap<string, SegmentRuns>;
  readonly #segments = new Fifo<Segment>();
  /** Segments whose video tracks do not all have the same times. */
  #unlike = 0;
  #announced: readonly AnnouncedSegment[] = [];
  #made: { readonly key: string; readonly xml: Buffer } | undefined;

  constructor(period: Period, tag: string) {
    this.period = period;
    this.#tag = tag;
    this.#video = period.tracks.filter((track) => track.kind === 'video');
    this.#runs = new Map(period.tracks.map(({ id }) => [id, new SegmentRuns()]));
  }

  get length(): number {
    return this.#segments.length;
  }

  get firstSegment(): Segment | undefined {
    return this.#segments.at(0);
  }

  push(segment: Segment): void {
    this.#segments.push(segment);
    for (const [id, { startTicks, durationTicks }] of Object.entries(segment.tracks)) {
      this.#runs.get(id)?.push(startTicks, Math.max(1, durationTicks));
    }
    if (!this.#isAlike(segment)) this.#unlike++;
    this.#made = undefined;
  }

  /** Drops the first segment. */
  shift(): void {
    const segment = this.#segments.shift();
    if (!segment) return;
    for (const id of Object.keys(segment.tracks)) this.#runs.get(id)?.shift();
    if (!this.#isAlike(segment)) this.#unlike--;
    this.#made = undefined;
  }

  /** Lists these behind what has been pushed. */
  announce(segments: readonly AnnouncedSegment[]): void {
    if (segments.length === 0 && this.#announced.length === 0) return;
    this.#announced = segments;
    this.#made = undefined;
  }

  xml(frame: PresentationFrame): Buffer {
    const key = JSON.stringify(frame);
    if (this.#made?.key !== key) this.#made = { key, xml: this.#make(frame) };
    return this.#made.xml;
  }

  #make({ originMs, live }: PresentationFrame): Buffer {
    const { index, tracks } = this.period;
    const startMs = Math.max(this.period.startMs, originMs);
    const place = { tag: this.#tag, period: index, startMs, live };
    const open = xmlAttributes({ id: String(index), start: xmlDuration(startMs - originMs) });
    const audio = tracks.filter((track) => track.kind === 'audio');
    const text = tracks.filter((track) => track.kind === 'text');
    return Buffer.concat([
      Buffer.from(`<Period${open}>\n`),
      ...adaptationSet(place, this.#listed(this.#video), this.#isShared()),
      ...adaptationSet(place, this.#listed(audio), audio.length === 1),
      ...adaptationSet(place, this.#listed(text), false),
      Buffer.from('</Period>\n'),
    ]);
  }

  #listed(tracks: readonly Track[]): ListedTrack[] {
    return tracks.flatMap((track) => {
      const runs = this.#runs.get(track.id);
      const announced = this.#announced.flatMap(({ tracks }) => tracks[track.id] ?? []);
      return runs && runs.length + announced.length > 0 ? [{ track, elements: runs.text(announced) }] : [];
    });
  }

  #isShared(): boolean {
    const isAlike = this.#unlike === 0 && this.#announced.every((segment) => this.#isAlike(segment));
    return isAlike && this.#video.every(({ timescale }) => timescale === this.#video[0]!.timescale);
  }

  #isAlike({ tracks }: { readonly tracks: Readonly<Record<string, SegmentSpan>> }): boolean {
    const first = this.#video[0] && tracks[this.#video[0].id];
    return this.#video.every(({ id }) => {
      const own = tracks[id];
      return own?.startTicks === first?.startTicks && own?.durationTicks === first?.durationTicks;
    });
  }
}
