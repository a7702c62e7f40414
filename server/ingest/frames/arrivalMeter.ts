import type { ArrivalFigures } from '../source.ts';

type Kind = 'video' | 'audio';

interface Arrival {
  readonly timestampMs: number;
  readonly atMs: number;
}

/** Shares of a new value in its running mean. RFC 3550 6.4.1 has a sixteenth. */
const jitterGain = 1 / 16;
const lagGain = 1 / 16;
const offsetGain = 1 / 32;
const intervalGain = 1 / 32;
/** A track that has been silent for longer has no offset to the other. */
const silentMs = 2000;
/** More than clocks of encoders drift from ours; without it a slow clock there would look like a lag that grows. */
const driftPerMs = 0.0005;

/** Measures how media arrive: how regularly, how late, and how far sound and picture are apart. */
export class ArrivalMeter {
  #last: { video?: Arrival; audio?: Arrival } = {};
  readonly #jitterMs: { video?: number; audio?: number } = {};
  #offsetMs: number | undefined;
  /** The shortest way from the encoder's clock to ours. */
  #shortestMs: number | undefined;
  #shortestAtMs = 0;
  #lagMs: number | undefined;
  #intervalMs: number | undefined;
  #intervalDeviationMs = 0;

  get figures(): ArrivalFigures {
    const { video, audio } = this.#last;
    const together = video && audio && Math.abs(video.atMs - audio.atMs) < silentMs;
    const jitterMs = this.#jitterMs.video ?? this.#jitterMs.audio;
    return {
      ...(together && this.#offsetMs !== undefined && { avOffsetMs: this.#offsetMs }),
      ...(jitterMs !== undefined && { jitterMs }),
      ...(this.#lagMs !== undefined && { lagMs: this.#lagMs }),
      ...(this.#intervalMs && { frameIntervalVariation: this.#intervalDeviationMs / this.#intervalMs }),
    };
  }

  /** A whole frame is there. `timestampMs` is its decoding time on one line for both kinds, `nowMs` any steady clock. */
  arrived(kind: Kind, timestampMs: number, nowMs: number): void {
    const last = this.#last[kind];
    if (last) {
      this.#measureJitter(kind, nowMs - last.atMs - (timestampMs - last.timestampMs));
      if (kind === 'video') this.#measureInterval(timestampMs - last.timestampMs);
    }
    this.#last[kind] = { timestampMs, atMs: nowMs };
    this.#measureLag(nowMs - timestampMs, nowMs);
    this.#measureOffset();
  }

  /** The time line goes on elsewhere: what compares times begins anew. */
  restart(): void {
    this.#last = {};
    this.#offsetMs = undefined;
    this.#shortestMs = undefined;
    this.#lagMs = undefined;
  }

  #measureJitter(kind: Kind, differenceMs: number): void {
    const jitterMs = this.#jitterMs[kind] ?? 0;
    this.#jitterMs[kind] = jitterMs + (Math.abs(differenceMs) - jitterMs) * jitterGain;
  }

  #measureInterval(intervalMs: number): void {
    this.#intervalMs ??= intervalMs;
    const deviationMs = intervalMs - this.#intervalMs;
    this.#intervalMs += deviationMs * intervalGain;
    this.#intervalDeviationMs += (Math.abs(deviationMs) - this.#intervalDeviationMs) * intervalGain;
  }

  #measureLag(wayMs: number, nowMs: number): void {
    const drifted = (this.#shortestMs ?? wayMs) + (nowMs - this.#shortestAtMs) * driftPerMs;
    this.#shortestMs = this.#shortestMs === undefined ? wayMs : Math.min(wayMs, drifted);
    this.#shortestAtMs = nowMs;
    const lagMs = wayMs - this.#shortestMs;
    this.#lagMs = this.#lagMs === undefined ? lagMs : this.#lagMs + (lagMs - this.#lagMs) * lagGain;
  }

  #measureOffset(): void {
    const { video, audio } = this.#last;
    if (!video || !audio) return;
    const offsetMs = video.timestampMs - audio.timestampMs;
    this.#offsetMs =
      this.#offsetMs === undefined ? offsetMs : this.#offsetMs + (offsetMs - this.#offsetMs) * offsetGain;
  }
}
