import type { HealthSample } from '../../../shared/model/health.ts';

/** Seconds, and values; null breaks the line where nothing was measured. */
export type Series = [number[], (number | null)[]];

const gapMs = 3000;

/** One measure over time, as a graph draws it. */
export function healthSeries(
  samples: readonly HealthSample[],
  measure: (sample: HealthSample) => number | null,
): Series {
  const times: number[] = [];
  const values: (number | null)[] = [];
  let before: number | undefined;
  for (const sample of samples) {
    if (before !== undefined && sample.at - before > gapMs) {
      times.push((before + 1) / 1000);
      values.push(null);
    }
    times.push(sample.at / 1000);
    values.push(measure(sample));
    before = sample.at;
  }
  return [times, values];
}
