import { expect, it } from 'vitest';
import type { HealthSample } from '../../../shared/model/health.ts';
import { healthSeries } from './healthSeries.ts';

it('breaks the line where nothing was measured for more than 3 seconds', () => {
  const samples = [0, 1000, 4000, 9000].map((at) => ({ at, viewers: at / 1000 }) as HealthSample);
  expect(healthSeries(samples, (sample) => sample.viewers)).toEqual([
    [0, 1, 4, 4.001, 9],
    [0, 1, 4, null, 9],
  ]);
});
