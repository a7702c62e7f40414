import { describe, expect, it } from 'vitest';
import { formatBitrate } from './formatBitrate.ts';
import { formatDuration, spokenDuration } from './formatDuration.ts';
import { formatRelativeTime } from './formatRelativeTime.ts';

describe('formatDuration', () => {
  it('leaves hours out until there is one and never shows a negative time', () => {
    expect(formatDuration(0)).toBe('0:00');
    expect(formatDuration(-5000)).toBe('0:00');
    expect(formatDuration(7999)).toBe('0:07');
    expect(formatDuration(727_000)).toBe('12:07');
    expect(formatDuration(3_599_999)).toBe('59:59');
    expect(formatDuration(3_600_000)).toBe('1:00:00');
    expect(formatDuration(100 * 3_600_000 + 61_000)).toBe('100:01:01');
  });

  it('is spoken with its two largest units', () => {
    expect(spokenDuration(0)).toBe('0 seconds');
    expect(spokenDuration(61_000)).toBe('1 minute 1 second');
    expect(spokenDuration(2 * 3_600_000 + 60_000 + 5000)).toBe('2 hours 1 minute');
  });
});

describe('formatBitrate', () => {
  it('changes unit where rounding would show 1000 kb/s', () => {
    expect(formatBitrate(0)).toBe('0 kb/s');
    expect(formatBitrate(999_499)).toBe('999 kb/s');
    expect(formatBitrate(999_500)).toBe('1.0 Mb/s');
    expect(formatBitrate(2_449_000)).toBe('2.4 Mb/s');
    expect(formatBitrate(14_200_000)).toBe('14 Mb/s');
  });
});

describe('formatRelativeTime', () => {
  it('says how long ago in the largest whole unit', () => {
    const now = Date.UTC(2026, 0, 10);
    expect(formatRelativeTime(now - 2000, now)).toBe('just now');
    expect(formatRelativeTime(now - 59_000, now)).toBe('just now');
    expect(formatRelativeTime(now - 61_000, now)).toBe('1 minute ago');
    expect(formatRelativeTime(now - 25 * 3_600_000, now)).toBe('yesterday');
    expect(formatRelativeTime(now - 400 * 86_400_000, now)).toBe('last year');
  });

  it('does not call a server clock that is slightly ahead the future', () => {
    expect(formatRelativeTime(5000, 0)).toBe('just now');
    expect(formatRelativeTime(45_000, 0)).toBe('just now');
  });
});
