import { expect, it } from 'vitest';
import { followRate } from './liveFollower.ts';

it('plays faster once it is too far behind, until it has caught up', () => {
  expect(followRate(1, 1)).toBe(1);
  expect(followRate(2, 1)).toBe(1.05);
  expect(followRate(1, 1.05)).toBe(1.05);
  expect(followRate(0, 1.05)).toBe(1);
  expect(followRate(-2, 1)).toBe(1);
  expect(followRate(0.6, 1, 0.5)).toBe(1.05);
});
