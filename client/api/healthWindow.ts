import type { HealthSample } from '../../shared/model/health.ts';

export const healthWindowMs = 120_000;

/** Appends a sample, keeping them in order and within two minutes; one that is there already (told again after a reconnect) is left out. */
export function appendSample(samples: readonly HealthSample[], sample: HealthSample): readonly HealthSample[] {
  const last = samples.at(-1);
  if (last && sample.at <= last.at) return samples;
  return [...samples.filter((kept) => kept.at > sample.at - healthWindowMs), sample];
}
