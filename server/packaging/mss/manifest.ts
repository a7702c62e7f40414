import type { Period, Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { segmentsAtOnce } from '../longWork.ts';
import { manifestBody } from '../manifestBody.ts';
import type { Manifest } from '../packager.ts';
import { TimelinePart } from '../timelinePart.ts';
import { xmlAttributes } from '../xml.ts';
import { leadingTrack, mediaTime, smoothTimescale, streamKinds, type StreamKind } from './chunk.ts';
import { StreamChunks } from './streamChunks.ts';
import { readStreamLevels, streamIndex, type StreamLevels } from './streamIndex.ts';
import type { TrackInits } from './trackInits.ts';

const contentType = 'application/vnd.ms-sstr+xml';

/** How many of the following fragments a fragment names while live. */
const lookAheadFragments = 1;

/**
 * Chunks a live manifest begins with: with fewer, dash.js gives itself a buffer of no length, for it takes what is listed
 * for the window. A part of a broadcast has what was asked for, from its first chunk on: it says that it has no window.
 */
const leastLiveChunks = 4;

/** The client manifest of one timeline (MS-SSTR 2.2.2), made at most once per version. */
export class SmoothManifest {
  readonly #timeline: TimelineReader;
  readonly #inits: TrackInits;
  readonly #chunks: Readonly<Record<StreamKind, StreamChunks>> = {
    video: new StreamChunks(),
    audio: new StreamChunks(),
  };
  #levels: readonly StreamLevels[] = [];
  #nextSequence = 0;
  /** Whether there have once been enough chunks to play live. */
  #playable = false;
  #made: { readonly version: number; readonly manifest: Manifest | undefined } | undefined;

  constructor(timeline: TimelineReader, inits: TrackInits) {
    this.#timeline = timeline;
    this.#inits = inits;
  }

  /** Undefined as long as there are not enough chunks. */
  manifest(): Manifest | undefined | Promise<Manifest | undefined> {
    return this.#made?.version === this.#timeline.version ? this.#made.manifest : this.#make();
  }

  /** Takes over some of the segments that are new: whether there are more, for the next turn. */
  takeOver(): boolean {
    const { segments, periods } = this.#timeline;
    const first = segments[0]?.sequence ?? this.#nextSequence;
    for (const kind of streamKinds) this.#chunks[kind].dropBefore(first);
    let period: Period | undefined;
    const from = Math.max(0, this.#nextSequence - first);
    const to = Math.min(segments.length, from + segmentsAtOnce);
    for (let index = from; index < to; index++) {
      const segment = segments[index]!;
      if (period?.index !== segment.period) period = periods.find(({ index }) => index === segment.period);
      if (period) this.#push(segment, period);
      this.#nextSequence = segment.sequence + 1;
    }
    return to < segments.length;
  }

  async #make(): Promise<Manifest | undefined> {
    // Something may change while init segments are read.
    for (let stale = this.#staleLevels(); stale.length > 0; stale = this.#staleLevels()) {
      const read = await Promise.all(stale.map((place) => readStreamLevels(place, this.#inits)));
      const kept = this.#levels.filter(({ kind }) => !read.some((levels) => levels.kind === kind));
      this.#levels = [...read, ...kept];
    }
    const { version } = this.#timeline;
    if (this.#made?.version !== version) {
      this.#update();
      this.#made = { version, manifest: this.#body() };
    }
    return this.#made.manifest;
  }

  /** The streams whose renditions come from a period that is not their latest one any more. */
  #staleLevels(): { kind: StreamKind; period: Period }[] {
    const { periods } = this.#timeline;
    return streamKinds.flatMap((kind) => {
      const period = periods.findLast(({ tracks }) => tracks.some((track) => track.kind === kind));
      const known = this.#levels.find((levels) => levels.kind === kind);
      return !period || known?.period === period.index ? [] : [{ kind, period }];
    });
  }

  #update(): void {
    while (this.takeOver());
    const { ended } = this.#timeline;
    if (ended) for (const kind of streamKinds) this.#chunks[kind].end();
    this.#playable ||= ended || this.#hasLiveChunks || (this.#timeline instanceof TimelinePart && this.#hasAllStreams);
  }

  get #hasLiveChunks(): boolean {
    return streamKinds.some((kind) => this.#chunks[kind].length >= leastLiveChunks);
  }

  /** Players do not look again for streams that come later. */
  get #hasAllStreams(): boolean {
    return this.#levels.every(({ kind }) => this.#chunks[kind].length > 0);
  }

  #push(segment: Segment, { tracks }: Period): void {
    for (const kind of streamKinds) {
      const id = leadingTrack(segment, kind);
      const track = tracks.find((candidate) => candidate.id === id);
      if (track) this.#chunks[kind].push(segment.sequence, mediaTime(segment.tracks[track.id]!, track.timescale));
    }
  }

  #body(): Manifest | undefined {
    const tag = timelineTag(this.#timeline);
    const streams: Buffer[] = [];
    for (const kind of streamKinds) {
      const levels = this.#levels.find((candidate) => candidate.kind === kind);
      if (levels && this.#chunks[kind].length > 0) streams.push(...streamIndex(tag, levels, this.#chunks[kind]));
    }
    if (streams.length === 0 || !this.#playable) return undefined;
    const head = `<?xml version="1.0" encoding="UTF-8"?>\n<SmoothStreamingMedia${xmlAttributes(this.#attributes())}>\n`;
    const body = Buffer.concat([Buffer.from(head), ...streams, Buffer.from('</SmoothStreamingMedia>\n')]);
    return manifestBody(body, contentType, this.#timeline);
  }

  #attributes(): Record<string, string | number> {
    const { ended, windowSeconds } = this.#timeline;
    const version = { MajorVersion: 2, MinorVersion: 2, TimeScale: smoothTimescale };
    if (ended) return { ...version, Duration: this.#duration() };
    return {
      ...version,
      Duration: 0,
      IsLive: 'TRUE',
      LookAheadFragmentCount: lookAheadFragments,
      // 0 is "everything" here as well.
      DVRWindowLength: this.#hasLiveChunks ? windowSeconds * smoothTimescale : 0,
      CanSeek: 'TRUE',
      CanPause: 'TRUE',
    };
  }

  #duration(): number {
    const ranges = streamKinds.flatMap((kind) => this.#chunks[kind].range ?? []);
    return Math.max(...ranges.map(({ end }) => end)) - Math.min(...ranges.map(({ start }) => start));
  }
}
