import { expect, it } from 'vitest';
import { formatTime, parseTime, spokenTime } from './timeText.ts';

it('times are written to the millisecond', () => {
  expect(formatTime(0)).toBe('00:00:00.000');
  expect(formatTime(3_723_045)).toBe('01:02:03.045');
  expect(formatTime(999.6)).toBe('00:00:01.000');
  expect(formatTime(-5)).toBe('00:00:00.000');
  expect(formatTime(360_000_000)).toBe('100:00:00.000');
});

it.each([
  ['00:00:00.000', 0],
  ['1:02:03.5', 3_723_500],
  ['62:03', 3_723_000],
  ['3723,5', 3_723_500],
  [' 7 ', 7000],
  ['0:00.04', 40],
])('%s is read as %d ms', (text, timeMs) => expect(parseTime(text)).toBe(timeMs));

it.each(['', 'abc', '1:60', '1:60:00', '1:2:3:4', '-3', '1.', '1e3', '::', '1:02:03.1234567'])(
  '%j is no time',
  (text) => expect(parseTime(text)).toBeUndefined(),
);

it('what was written is read as the same', () => {
  for (const timeMs of [0, 1, 40, 59_999, 60_000, 3_599_999, 86_399_960])
    expect(parseTime(formatTime(timeMs))).toBe(timeMs);
});

it('times are spoken in words', () => {
  expect(spokenTime(0)).toBe('0 seconds');
  expect(spokenTime(61_040)).toBe('1 minute 1.04 seconds');
  expect(spokenTime(7_200_000)).toBe('2 hours 0 seconds');
});
