import type { TimelineReader } from '../../segments/timelineReader.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { Fifo } from '../../media/fifo.ts';
import { partTargetSeconds, usualPartTargetSeconds } from '../../media/partDuration.ts';
import { segmentsAtOnce } from '../longWork.ts';
import { manifestBody } from '../manifestBody.ts';
import type { Manifest } from '../packager.ts';
import type { LiveFrame } from './adaptationSet.ts';
import { AnnouncedSegments, type AnnouncedSegment } from './announcedSegments.ts';
import { PeriodTimeline } from './periodTimeline.ts';
import { producerReferenceId, utcTiming } from './producerReference.ts';
import { xmlAttributes, xmlDuration } from '../xml.ts';

const contentType = 'application/dash+xml';

/** Target durations that a player stays behind the live edge when it knows nothing of low latency. */
const presentationDelaySegments = 3;

/** More segments than are ever being written at once; fewer than the milliseconds that one lasts. */
const mostAnnounced = 10;

/** How often players look for the next segment: as often as its first part may be new. */
const updatePeriodMs = 500;

/** Seconds between the encoder and the picture that players with low latency aim at, and keep within. */
const latency = { target: 2000, min: 1000, max: 8000 };
/** Slower or faster than this is noticed. */
const playbackRate = { min: 0.96, max: 1.04 };

/** The MPD of one timeline (ISO/IEC 23009-1 5.3.1.2), made at most once for each segment that begins or is complete. */
export class DashManifest {
  readonly #timeline: TimelineReader;
  readonly #tag: string;
  readonly #periods = new Fifo<PeriodTimeline>();
  #firstSequence = 0;
  #nextSequence = 0;
  readonly #announced: AnnouncedSegments;
  /** Of segments that are not complete, in a period that has no others. */
  #begun: PeriodTimeline | undefined;
  /** From position 0 on. A new one with each new body (ISO/IEC 23009-1 5.3.1.2). */
  #publishedMs = -1;
  #made:
    | { readonly version: number; readonly growth: number; readonly key: string; readonly manifest: Manifest }
    | undefined;

  constructor(timeline: TimelineReader) {
    this.#timeline = timeline;
    this.#announced = new AnnouncedSegments(timeline);
    this.#tag = timelineTag(timeline);
  }

  /** Takes over some of the segments that are new: whether there are more, for the next turn. */
  takeOver(): boolean {
    const last = this.#timeline.segments.at(-1);
    if (!last || this.#made?.version === this.#timeline.version) return false;
    this.#update(segmentsAtOnce);
    return this.#nextSequence <= last.sequence;
  }

  /** The timeline must have a segment. What has not been taken over yet is, at once. */
  manifest(): Manifest {
    const { growth, version, ended } = this.#timeline;
    if (this.#made?.growth === growth) return this.#made.manifest;
    const announced = ended ? [] : this.#announced.list();
    const key = [version, ...announced.map(({ startMs }) => startMs)].join();
    if (this.#made?.key === key) {
      this.#made = { ...this.#made, growth };
    } else {
      this.#update();
      this.#announce(announced);
      const manifest = manifestBody(this.#body(), contentType, this.#timeline);
      // Players ask more often than it changes: whoever keeps it has to ask, too.
      this.#made = { version, growth, key, manifest: ended ? manifest : { ...manifest, maxAgeSeconds: 0 } };
    }
    return this.#made.manifest;
  }

  #announce(announced: readonly AnnouncedSegment[]): void {
    const last = this.#periods.last;
    last?.announce(announced.filter(({ period }) => period.index === last.period.index));
    const rest = announced.filter(({ period }) => period.index !== last?.period.index);
    this.#begun = rest[0] && new PeriodTimeline(rest[0].period, this.#tag);
    this.#begun?.announce(rest.filter(({ period }) => period.index === rest[0]!.period.index));
    this.#publishedMs = Math.max(this.#publishedMs + 1, this.#publicationMs(announced));
  }

  /**
   * Rises with each segment that begins or is complete, by what there is of the timeline alone. As long as one is listed
   * that is not complete, the next to change is one of those before it.
   */
  #publicationMs(announced: readonly AnnouncedSegment[]): number {
    const newest = announced.at(-1);
    return newest ? newest.startMs + Math.max(1, mostAnnounced - announced.length) : this.#endMs();
  }

  #update(most = Infinity): void {
    const { segments, periods } = this.#timeline;
    const first = segments[0]!.sequence;
    this.#dropBefore(first);
    const from = this.#nextSequence - first;
    for (let index = from; index < Math.min(segments.length, from + most); index++) {
      const segment = segments[index]!;
      let current = this.#periods.last;
      if (current?.period.index !== segment.period) {
        const period = periods.find(({ index }) => index === segment.period);
        current = period && new PeriodTimeline(period, this.#tag);
        if (current) this.#periods.push(current);
      }
      current?.push(segment);
      this.#nextSequence = segment.sequence + 1;
    }
  }

  #dropBefore(sequence: number): void {
    for (; this.#firstSequence < sequence && this.#periods.length > 0; this.#firstSequence++) {
      this.#periods.at(0)?.shift();
      if (this.#periods.at(0)?.length === 0) this.#periods.shift();
    }
    if (this.#periods.length === 0) {
      this.#firstSequence = sequence;
      this.#nextSequence = sequence;
    }
  }

  #body(): Buffer {
    const { ended } = this.#timeline;
    const originMs = ended ? (this.#periods.at(0)?.firstSegment?.startMs ?? 0) : 0;
    const periods: Buffer[] = [];
    const frame = { originMs, live: ended ? undefined : this.#liveFrame() };
    for (let index = 0; index < this.#periods.length; index++) periods.push(this.#periods.at(index)!.xml(frame));
    if (this.#begun) periods.push(this.#begun.xml(frame));
    const attributes = ended ? this.#staticAttributes(originMs) : this.#dynamicAttributes();
    const start = head(attributes) + (ended ? '' : serviceDescription);
    return Buffer.concat([Buffer.from(start), ...periods, Buffer.from(ended ? '</MPD>\n' : liveEnd)]);
  }

  #dynamicAttributes(): Record<string, string | undefined> {
    const { epochMs, windowSeconds, targetDurationSeconds } = this.#timeline;
    const targetMs = Math.max(1, targetDurationSeconds) * 1000;
    return {
      type: 'dynamic',
      availabilityStartTime: new Date(epochMs).toISOString(),
      publishTime: new Date(Math.round(epochMs + this.#publishedMs)).toISOString(),
      minimumUpdatePeriod: xmlDuration(updatePeriodMs),
      timeShiftBufferDepth: windowSeconds > 0 ? xmlDuration(windowSeconds * 1000) : undefined,
      suggestedPresentationDelay: xmlDuration(targetMs * presentationDelaySegments),
      minBufferTime: xmlDuration(targetMs),
      // The target is the longest duration rounded to the nearest second.
      maxSegmentDuration: xmlDuration(targetMs + 500),
    };
  }

  #liveFrame(): LiveFrame {
    const { epochMs, targetDurationSeconds, periods } = this.#timeline;
    const tracks = periods.at(-1)?.tracks ?? [];
    const partSeconds = tracks.map((track) => (track.kind === 'video' ? partTargetSeconds(track.frameRate) : 0));
    const partMs = Math.max(usualPartTargetSeconds, ...partSeconds) * 1000;
    // No segment can be had before its first part is there, however long others were (ISO/IEC 23009-1 5.3.9.5.3).
    const segmentMs = Math.min(Math.max(1, targetDurationSeconds) * 1000, this.#announced.newestMs());
    return { epochMs, availabilityOffsetMs: Math.max(0, segmentMs - partMs) };
  }

  /** Times count from the first segment there is; players that saw it live expect that too. */
  #staticAttributes(originMs: number): Record<string, string | undefined> {
    const targetMs = Math.max(1, this.#timeline.targetDurationSeconds) * 1000;
    return {
      type: 'static',
      mediaPresentationDuration: xmlDuration(this.#endMs() - originMs),
      minBufferTime: xmlDuration(targetMs),
      maxSegmentDuration: xmlDuration(targetMs + 500),
    };
  }

  #endMs(): number {
    const last = this.#timeline.segments.at(-1);
    return last ? last.startMs + last.durationMs : 0;
  }
}

function head(attributes: Record<string, string | undefined>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<MPD${xmlAttributes({
    xmlns: 'urn:mpeg:dash:schema:mpd:2011',
    profiles: 'urn:mpeg:dash:profile:isoff-live:2011',
    ...attributes,
  })}>
`;
}

const serviceDescription = `<ServiceDescription id="0"><Latency${xmlAttributes({
  referenceId: producerReferenceId,
  ...latency,
})}/><PlaybackRate${xmlAttributes(playbackRate)}/></ServiceDescription>
`;

const liveEnd = `${utcTiming}\n</MPD>\n`;
