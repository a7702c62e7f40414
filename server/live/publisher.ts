import type { HealthSample } from '../../shared/model/health.ts';
import type { IngestSource, SourceRole, SourceState } from '../../shared/model/ingestSource.ts';
import type { PublishRequest } from '../ingest/publishGate.ts';
import type { Source } from '../ingest/source.ts';
import { HealthMeter } from './healthMeter.ts';
import { RestartBrake } from './restartBrake.ts';
import { hasStalled, type Candidate, type ChoiceRules } from './sourceChoice.ts';

/** Whoever was let in has this long to send media before another one may take their place. */
const startWithinMs = 15_000;

/** Somebody who was let in, from `publish` until they have gone. */
export class Publisher implements Candidate {
  readonly request: PublishRequest;
  /** `<n>` of the stream name. */
  readonly index: number;
  readonly role: SourceRole;
  readonly admittedAtMs: number;
  gone = false;
  steadySinceMs: number;
  heldUntilMs = -Infinity;
  readonly brake = new RestartBrake();
  #source: Source | undefined;
  #meter: HealthMeter | undefined;
  #health: HealthSample | null = null;

  constructor(request: PublishRequest, index: number, nowMs: number) {
    this.request = request;
    this.index = index;
    this.role = request.backup ? 'backup' : 'primary';
    this.admittedAtMs = nowMs;
    this.steadySinceMs = nowMs;
  }

  get source(): Source | undefined {
    return this.#source;
  }

  get ready(): boolean {
    return this.#source !== undefined && !this.gone;
  }

  get lastMediaAtMs(): number {
    return this.#source?.stats().lastMediaAtMs ?? this.admittedAtMs;
  }

  get health(): HealthSample | null {
    return this.#health;
  }

  begin(source: Source, nowMs: number): void {
    this.#source = source;
    this.#meter = new HealthMeter(source, nowMs);
    this.steadySinceMs = nowMs;
  }

  /** A stall, or being held, starts the count of steady time again. */
  observe(nowMs: number, rules: ChoiceRules): void {
    if (hasStalled(this, nowMs, rules) || nowMs < this.heldUntilMs) this.steadySinceMs = nowMs;
  }

  /** Nothing is to be expected of it any more. */
  isSilent(nowMs: number, { stallMs }: ChoiceRules): boolean {
    return nowMs - this.lastMediaAtMs > (this.ready ? stallMs : startWithinMs);
  }

  sample(nowMs: number, viewers: number): HealthSample | null {
    this.#health = this.#meter?.sample(nowMs, viewers) ?? null;
    return this.#health;
  }

  describe(onAir: boolean, nowMs: number, rules: ChoiceRules): IngestSource {
    const { protocol, remoteAddress } = this.request;
    return {
      index: this.index,
      role: this.role,
      state: this.#state(onAir, nowMs, rules),
      protocol,
      remoteAddress,
      connectedAt: new Date(this.admittedAtMs).toISOString(),
      health: this.#health,
    };
  }

  #state(onAir: boolean, nowMs: number, rules: ChoiceRules): SourceState {
    if (!this.ready) return 'waiting';
    if (hasStalled(this, nowMs, rules)) return 'stalled';
    return onAir ? 'onAir' : 'standby';
  }
}
