import { expect, it } from 'vitest';
import { ReadingClock } from './readingClock.ts';

it('puts 0 where the first source begins, and in the same place for others of the same encoder', () => {
  const clock = new ReadingClock();
  expect(clock.zeroFor(5000, 1_000_000)).toBe(5000);
  expect(clock.zeroFor(7000, 1_000_120)).toBe(5000);
});

it('finds the same moment in the timestamps of an encoder with a clock of its own', () => {
  const clock = new ReadingClock();
  // Arrives at 1_005_000.
  clock.zeroFor(5000, 1_000_000);
  expect(clock.zeroFor(900_000, 105_000)).toBe(900_000);
  expect(clock.zeroFor(902_000, 105_000)).toBe(900_000);
});
