import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { segmentsAtOnce } from '../longWork.ts';

export interface Rates {
  readonly peakBps: number;
  readonly averageBps: number;
  /** Of key frames alone. */
  readonly iframePeakBps: number;
}

interface Sums {
  peakBps: number;
  iframePeakBps: number;
  bits: number;
  seconds: number;
}

/** Bit rates as measured over every segment seen (RFC 8216 4.3.4.2), and whether all of those could be decoded alone. */
export class TrackRates {
  readonly #timeline: TimelineReader;
  readonly #tracks = new Map<string, Sums>();
  #nextSequence = 0;
  #independent = true;

  constructor(timeline: TimelineReader) {
    this.#timeline = timeline;
  }

  get independent(): boolean {
    return this.#independent;
  }

  /** Takes over what is new. */
  update(): void {
    while (this.takeOver());
  }

  /** Takes over some of what is new: whether there is more, for the next turn. */
  takeOver(): boolean {
    const { segments, periods, targetDurationSeconds } = this.#timeline;
    const first = segments[0]?.sequence ?? 0;
    let timescales: Map<string, number> | undefined;
    let timescalesOf: number | undefined;
    const from = Math.max(0, this.#nextSequence - first);
    const to = Math.min(segments.length, from + segmentsAtOnce);
    for (let index = from; index < to; index++) {
      const segment = segments[index]!;
      if (!timescales || timescalesOf !== segment.period) {
        const period = periods.find(({ index }) => index === segment.period);
        timescales = new Map(period?.tracks.map(({ id, timescale }) => [id, timescale]));
        timescalesOf = segment.period;
      }
      this.#measure(segment, timescales, targetDurationSeconds / 2);
      this.#nextSequence = segment.sequence + 1;
    }
    return to < segments.length;
  }

  of(trackId: string): Rates | undefined {
    const sums = this.#tracks.get(trackId);
    if (!sums || sums.seconds === 0) return undefined;
    const averageBps = Math.ceil(sums.bits / sums.seconds);
    return { averageBps, peakBps: Math.max(sums.peakBps, averageBps), iframePeakBps: sums.iframePeakBps };
  }

  /** Segments shorter than half the target duration say nothing about the peak (RFC 8216bis, "peak segment bit rate"). */
  #measure(segment: Segment, timescales: ReadonlyMap<string, number>, shortestSeconds: number): void {
    for (const [id, { bytes, durationTicks, independent, keyFrame }] of Object.entries(segment.tracks)) {
      const seconds = durationTicks / (timescales.get(id) ?? Infinity);
      if (!(seconds > 0)) continue;
      let sums = this.#tracks.get(id);
      if (!sums) this.#tracks.set(id, (sums = { peakBps: 0, iframePeakBps: 0, bits: 0, seconds: 0 }));
      sums.bits += bytes * 8;
      sums.seconds += seconds;
      if (seconds >= shortestSeconds) sums.peakBps = Math.max(sums.peakBps, Math.ceil((bytes * 8) / seconds));
      if (keyFrame) sums.iframePeakBps = Math.max(sums.iframePeakBps, Math.ceil((keyFrame.bytes * 8) / seconds));
      this.#independent &&= independent;
    }
  }
}
