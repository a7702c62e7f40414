import { expect, it } from 'vitest';
import { formatRelativeTime } from './formatRelativeTime.ts';

it('says how long ago in the largest unit that fits', () => {
  const now = Date.UTC(2026, 0, 10);
  const ago = (ms: number) => formatRelativeTime(now - ms, now);
  expect([-5000, 0, 59_000].map(ago)).toEqual(['just now', 'just now', 'just now']);
  expect(ago(61_000)).toBe('1 minute ago');
  expect(ago(3 * 3_600_000)).toBe('3 hours ago');
  expect(ago(86_400_000)).toBe('yesterday');
  expect(ago(400 * 86_400_000)).toBe('last year');
});
