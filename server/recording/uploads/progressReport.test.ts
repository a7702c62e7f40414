import { expect, it } from 'vitest';
import { ProgressReport } from './progressReport.ts';

it('tells steps of a percent, once a second, and goes on when one could not be told', async () => {
  const told: number[] = [];
  let nowMs = 0;
  const report = new ProgressReport(
    (progress) => {
      told.push(progress);
      return told.length === 1 ? Promise.reject(new Error('busy')) : Promise.resolve();
    },
    () => nowMs,
  );
  for (const progress of [0.001, 0.02, 0.04, 0.06, 0.061, 0.5]) {
    report.at(progress);
    await report.settle();
    nowMs += 500;
  }
  expect(told).toEqual([0.02, 0.06, 0.5]);
});
