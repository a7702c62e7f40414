import type { TimelineReader } from '../../segments/timelineReader.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { Fifo } from '../../media/fifo.ts';
import { manifestBody } from '../manifestBody.ts';
import type { Manifest } from '../packager.ts';
import { PeriodTimeline } from './periodTimeline.ts';
import { xmlAttributes, xmlDuration } from '../xml.ts';

const contentType = 'application/dash+xml';

/** Below `/play/<entry>/dash/`, so that it holds for every host and port the manifest is fetched from. */
const timePath = '../../time';

/** Target durations that a player stays behind the live edge. */
const presentationDelaySegments = 3;

/** The MPD of one timeline (ISO/IEC 23009-1 5.3.1.2), made at most once per version. */
export class DashManifest {
  readonly #timeline: TimelineReader;
  readonly #tag: string;
  readonly #periods = new Fifo<PeriodTimeline>();
  #firstSequence = 0;
  #nextSequence = 0;
  #made: { readonly version: number; readonly manifest: Manifest } | undefined;

  constructor(timeline: TimelineReader) {
    this.#timeline = timeline;
    this.#tag = timelineTag(timeline);
  }

  /** The timeline must have a segment. */
  manifest(): Manifest {
    const { version } = this.#timeline;
    if (this.#made?.version !== version) {
      this.#update();
      this.#made = { version, manifest: manifestBody(this.#body(), contentType, this.#timeline) };
    }
    return this.#made.manifest;
  }

  #update(): void {
    const { segments, periods } = this.#timeline;
    const first = segments[0]!.sequence;
    this.#dropBefore(first);
    for (let index = this.#nextSequence - first; index < segments.length; index++) {
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
    for (let index = 0; index < this.#periods.length; index++) periods.push(this.#periods.at(index)!.xml(originMs));
    const attributes = ended ? this.#staticAttributes(originMs) : this.#dynamicAttributes();
    return Buffer.concat([Buffer.from(head(attributes)), ...periods, Buffer.from(ended ? '</MPD>\n' : liveEnd)]);
  }

  #dynamicAttributes(): Record<string, string | undefined> {
    const { epochMs, windowSeconds, targetDurationSeconds } = this.#timeline;
    const targetMs = Math.max(1, targetDurationSeconds) * 1000;
    return {
      type: 'dynamic',
      availabilityStartTime: new Date(epochMs).toISOString(),
      publishTime: new Date(Math.round(epochMs + this.#endMs())).toISOString(),
      minimumUpdatePeriod: xmlDuration(targetMs),
      timeShiftBufferDepth: windowSeconds > 0 ? xmlDuration(windowSeconds * 1000) : undefined,
      suggestedPresentationDelay: xmlDuration(targetMs * presentationDelaySegments),
      minBufferTime: xmlDuration(targetMs),
      // The target is the longest duration rounded to the nearest second.
      maxSegmentDuration: xmlDuration(targetMs + 500),
    };
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

const liveEnd = `<UTCTiming${xmlAttributes({
  schemeIdUri: 'urn:mpeg:dash:utc:http-iso:2014',
  value: timePath,
})}/>
</MPD>
`;
