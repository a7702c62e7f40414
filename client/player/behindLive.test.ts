import { expect, it } from 'vitest';
import { formatBehind, isAtLiveEdge } from './behindLive.ts';

it('counts a few seconds of buffer as live', () => {
  expect(isAtLiveEdge(95, 100)).toBe(true);
  expect(isAtLiveEdge(101, 100)).toBe(true);
  expect(isAtLiveEdge(80, 100)).toBe(false);
});

it('writes the time behind live as a clock', () => {
  expect([0, 42, 65, 3900, 7199.6].map(formatBehind)).toEqual(['-0:00', '-0:42', '-1:05', '-1:05:00', '-2:00:00']);
});
