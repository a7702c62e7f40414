import { describe, expect, it } from 'vitest';
import { Unwrapper } from './wrapping.ts';

describe('a counter that wraps', () => {
  it.each([16, 32] as const)('goes on over %i bits, forwards and backwards', (bits) => {
    const unwrapper = new Unwrapper(bits);
    const end = 2 ** bits;
    const values = [end - 2, end - 1, 0, 1, end - 1, 3, end / 2, end - 5, 2];
    expect(values.map((value) => unwrapper.unwrap(value) - end)).toEqual([
      -2,
      -1,
      0,
      1,
      -1,
      3,
      end / 2,
      end - 5,
      end + 2,
    ]);
  });

  it('places a value beside the sequence without moving it', () => {
    const unwrapper = new Unwrapper(32);
    unwrapper.unwrap(2 ** 32 - 10);
    expect(unwrapper.near(5)).toBe(2 ** 32 + 5);
    expect(unwrapper.unwrap(2 ** 32 - 9)).toBe(2 ** 32 - 9);
  });
});
