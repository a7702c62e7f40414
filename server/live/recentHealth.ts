import type { HealthSample } from '../../shared/model/health.ts';

const keptSamples = 120;

/** The last two minutes of samples of each entry that is (or was, until it is forgotten) on air. */
export class RecentHealth {
  readonly #samples = new Map<string, HealthSample[]>();

  add(entryId: string, sample: HealthSample): void {
    const samples = this.#samples.get(entryId) ?? [];
    samples.push(sample);
    if (samples.length > keptSamples) samples.shift();
    this.#samples.set(entryId, samples);
  }

  of(entryId: string): readonly HealthSample[] {
    return this.#samples.get(entryId) ?? [];
  }

  forget(entryId: string): void {
    this.#samples.delete(entryId);
  }
}
