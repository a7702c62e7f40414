import { expect, it } from 'vitest';
import type { HealthSample } from '../../shared/model/health.ts';
import { appendSample } from './healthWindow.ts';

const sample = (at: number) => ({ at }) as HealthSample;

it('keeps two minutes of samples and no sample twice', () => {
  let samples: readonly HealthSample[] = [];
  for (let second = 0; second <= 200; second++) samples = appendSample(samples, sample(second * 1000));
  expect(samples).toHaveLength(120);
  expect(samples[0]?.at).toBe(81_000);
  expect(appendSample(samples, sample(200_000))).toBe(samples);
  expect(appendSample(samples, sample(150_000))).toBe(samples);
});
