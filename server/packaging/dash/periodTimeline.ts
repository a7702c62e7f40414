import type { Period, Segment } from '../../media/timeline.ts';
import type { Track, VideoTrack } from '../../media/track.ts';
import { Fifo } from '../../media/fifo.ts';
import { adaptationSet, type ListedTrack } from './adaptationSet.ts';
import { SegmentRuns } from './segmentRuns.ts';
import { xmlAttributes, xmlDuration } from '../xml.ts';

/** What is listed of one Period, and its XML, made again only after a change. */
export class PeriodTimeline {
  readonly period: Period;
  readonly #tag: string;
  readonly #video: readonly VideoTrack[];
  readonly #runs: ReadonlyMap<string, SegmentRuns>;
  readonly #segments = new Fifo<Segment>();
  /** Segments whose video tracks do not all have the same times. */
  #unlike = 0;
  #made: { readonly originMs: number; readonly xml: Buffer } | undefined;

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

  /** `originMs` is the position that the presentation begins at. */
  xml(originMs: number): Buffer {
    if (this.#made?.originMs !== originMs) this.#made = { originMs, xml: this.#make(originMs) };
    return this.#made.xml;
  }

  #make(originMs: number): Buffer {
    const { index, tracks } = this.period;
    const startMs = Math.max(this.period.startMs, originMs);
    const place = { tag: this.#tag, period: index, startMs };
    const open = xmlAttributes({ id: String(index), start: xmlDuration(startMs - originMs) });
    const audio = tracks.filter((track) => track.kind === 'audio');
    return Buffer.concat([
      Buffer.from(`<Period${open}>\n`),
      ...adaptationSet(place, this.#listed(this.#video), this.#isShared()),
      ...adaptationSet(place, this.#listed(audio), audio.length === 1),
      Buffer.from('</Period>\n'),
    ]);
  }

  #listed(tracks: readonly Track[]): ListedTrack[] {
    return tracks.flatMap((track) => {
      const runs = this.#runs.get(track.id);
      return runs && runs.length > 0 ? [{ track, elements: runs.text() }] : [];
    });
  }

  #isShared(): boolean {
    return this.#unlike === 0 && this.#video.every(({ timescale }) => timescale === this.#video[0]!.timescale);
  }

  #isAlike({ tracks }: Segment): boolean {
    const first = this.#video[0] && tracks[this.#video[0].id];
    return this.#video.every(({ id }) => {
      const own = tracks[id];
      return own?.startTicks === first?.startTicks && own?.durationTicks === first?.durationTicks;
    });
  }
}
