import { describe, expect, it } from 'vitest';
import { canBeCopied } from './keyFrames.ts';

const frames = (seconds: number, everySeconds: number) =>
  Array.from(
    { length: seconds * 10 },
    (_, index) => `${index / 10},${index % (everySeconds * 10) === 0 ? 'K__' : '___'}`,
  );

describe('a picture can be kept as it is', () => {
  it('with key frames every few seconds', () => {
    expect(canBeCopied(frames(40, 8))).toBe(true);
  });

  it.each([
    ['when key frames are rare', frames(40, 12)],
    ['when it begins without one', frames(40, 2).slice(1)],
    ['when a frame has no time', ['0,K__', 'N/A,___']],
    ['when frames are there to be thrown away', ['-0.1,KD_', '0,K__']],
    ['when there are no frames', []],
  ])('but not %s', (_, lines) => {
    expect(canBeCopied(lines)).toBe(false);
  });
});
