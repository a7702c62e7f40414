import { describe, expect, it } from 'vitest';
import { atLastStretch } from './endOfStream.ts';

const buffered = [
  { start: 0.07, end: 0.84 },
  { start: 0.91, end: 8.94 },
];
/** As hls.js sees it, which takes stretches with a small hole between them for one. */
const merged = { start: 0.07, end: 8.94, len: 0.1, buffered, bufferedIndex: 0 };

describe('the end of what is buffered', () => {
  it('is told by the last stretch once that is played', () => {
    expect(atLastStretch(merged, 8.5)).toMatchObject({
      start: 0.91,
      end: 8.94,
      len: expect.closeTo(0.44),
      bufferedIndex: 0,
    });
    expect(atLastStretch({ start: 9, end: 9, len: 0, buffered, bufferedIndex: -1 }, 9)).toMatchObject({
      end: 8.94,
      len: 0,
    });
  });

  it('is as it was before that, and where nothing is buffered', () => {
    expect(atLastStretch(merged, 0.5)).toBe(merged);
    const nothing = { start: 0, end: 0, len: 0, buffered: [], bufferedIndex: -1 };
    expect(atLastStretch(nothing, 5)).toBe(nothing);
  });
});
