import { describe, expect, it } from 'vitest';
import { expiryOf, fieldTime, timeLeft } from './keyLifetime.ts';

const nowMs = Date.parse('2026-11-27T12:00:00Z');

describe('when a new stream key ends', () => {
  it.each([
    ['never', null],
    ['day', '2026-11-28T12:00:00.000Z'],
    ['week', '2026-12-04T12:00:00.000Z'],
    ['month', '2026-12-27T12:00:00.000Z'],
  ] as const)('is counted from now: %s', (lifetime, expiresAt) => {
    expect(expiryOf(lifetime, 'nonsense', nowMs)).toEqual({ expiresAt });
  });

  it('is a time to come, in this place', () => {
    const atMs = nowMs + 90 * 60_000;
    expect(expiryOf('time', fieldTime(atMs), nowMs)).toEqual({ expiresAt: new Date(atMs).toISOString() });
    expect(expiryOf('time', fieldTime(nowMs), nowMs)).toEqual({ problem: 'This time is over already.' });
    expect(expiryOf('time', '', nowMs)).toEqual({ problem: 'Choose a date and a time.' });
  });

  it.each([
    [30_000, 'in 1 minute'],
    [59.9 * 60_000, 'in 60 minutes'],
    [100 * 60_000, 'in 2 hours'],
    [30 * 3_600_000, 'in 30 hours'],
    [7 * 86_400_000 - 5000, 'in 7 days'],
    [0, undefined],
    [-1, undefined],
  ])('is told as the time that is left: %d ms', (leftMs, told) => {
    expect(timeLeft(new Date(nowMs + leftMs).toISOString(), nowMs)).toBe(told);
  });
});
