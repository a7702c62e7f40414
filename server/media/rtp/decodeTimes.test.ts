import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countReordered, DecodeTimes } from './decodeTimes.ts';

/** Pictures shown at these times, in decoding order. */
function timesOf(reorderFrames: number, shown: readonly number[]): (number | undefined)[] {
  const times = new DecodeTimes(reorderFrames);
  times.begin(shown[0] ?? 0, 100);
  return shown.map((ticks) => times.next(ticks));
}

describe('decoding times', () => {
  it('are those of showing where nothing is reordered', () => {
    expect(timesOf(0, [0, 100, 200, 350])).toEqual([0, 100, 200, 350]);
  });

  it('make room for B frames, and for B frames that others refer to', () => {
    expect(timesOf(1, [0, 300, 100, 200, 600, 400, 500])).toEqual([-100, 0, 100, 200, 300, 400, 500]);
    expect(timesOf(2, [0, 400, 200, 100, 300, 800])).toEqual([-200, -100, 0, 100, 200, 300]);
  });

  it('have none for a picture that is shown too early, but can be squeezed in', () => {
    const times = new DecodeTimes(0);
    times.begin(0, 100);
    expect([0, 300, 100].map((ticks) => times.next(ticks))).toEqual([0, 300, undefined]);
    expect(times.squeeze()).toBe(301);
  });

  it('go on over a gap without what was before it', () => {
    const times = new DecodeTimes(1);
    times.begin(0, 100);
    expect([0, 200, 100].map((ticks) => times.next(ticks))).toEqual([-100, 0, 100]);
    times.begin(10_000, 100);
    expect([10_000, 10_200].map((ticks) => times.next(ticks))).toEqual([9900, 10_000]);
  });

  it('always grow and are never behind the showing, whatever the order, when its depth is known', () => {
    const order = fc.array(fc.nat(6), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(order, (delays) => {
        // Each picture is decoded up to six places before it is shown.
        const reordered = delays
          .map((delay, index) => ({ ticks: index * 100, place: index - delay }))
          .toSorted((a, b) => a.place - b.place)
          .map(({ ticks }) => ticks);
        const shown = [-100, ...reordered]; // the key frame
        const times = timesOf(countReordered(shown), shown);
        let last = -Infinity;
        for (const [index, decoded] of times.entries()) {
          expect(decoded).toBeGreaterThan(last);
          expect(decoded).toBeLessThanOrEqual(shown[index] ?? NaN);
          last = decoded ?? NaN;
        }
      }),
    );
  });

  it('count how much is reordered', () => {
    expect(countReordered([0, 1, 2, 3])).toBe(0);
    expect(countReordered([0, 3, 1, 2])).toBe(1);
    expect(countReordered([0, 4, 2, 1, 3])).toBe(2);
  });
});
