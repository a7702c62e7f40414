import type { HealthSample } from '../../shared/model/health.ts';
import type { ArrivalFigures, Source, SourceStats } from '../ingest/source.ts';

/** Turns a source's counters into rates, one sample per call. */
export class HealthMeter {
  readonly #source: Pick<Source, 'protocol' | 'tracks' | 'stats'>;
  #last: SourceStats;
  #lastAtMs: number;

  constructor(source: Pick<Source, 'protocol' | 'tracks' | 'stats'>, nowMs: number) {
    this.#source = source;
    this.#last = source.stats();
    this.#lastAtMs = nowMs;
  }

  /** Rates since the last call (or since the meter was made). */
  sample(nowMs: number, viewers: number): HealthSample {
    const stats = this.#source.stats();
    const seconds = Math.max((nowMs - this.#lastAtMs) / 1000, 0.001);
    const { video, audio } = this.#source.tracks;
    const sample: HealthSample = {
      at: nowMs,
      protocol: this.#source.protocol,
      bitrateBps: Math.round(((stats.bytes - this.#last.bytes) * 8) / seconds),
      frameRate: Math.round(((stats.videoFrames - this.#last.videoFrames) / seconds) * 10) / 10,
      width: video?.width ?? 0,
      height: video?.height ?? 0,
      videoCodec: video?.codec ?? null,
      audioCodec: audio?.codec ?? null,
      keyFrameIntervalMs: stats.keyFrameIntervalMs ?? null,
      droppedFrames: stats.droppedFrames,
      ...viewArrivals(stats.arrivals),
      viewers,
    };
    this.#last = stats;
    this.#lastAtMs = nowMs;
    return sample;
  }
}

function viewArrivals({ avOffsetMs, jitterMs, lagMs, frameIntervalVariation }: ArrivalFigures = {}) {
  const whole = (value: number | undefined) => (value === undefined ? null : Math.round(value));
  return {
    avOffsetMs: whole(avOffsetMs),
    jitterMs: whole(jitterMs),
    lagMs: whole(lagMs),
    frameIntervalVariation:
      frameIntervalVariation === undefined ? null : Math.round(frameIntervalVariation * 100) / 100,
  };
}
