import { expect, it } from 'vitest';
import { BufferReserve } from './bufferReserve.ts';

/** Four samples a second. */
function watch(reserve: BufferReserve, fromMs: number, toMs: number, aheadSeconds: (atMs: number) => number): void {
  for (let atMs = fromMs; atMs <= toMs; atMs += 250) reserve.sample(atMs, aheadSeconds(atMs));
}

it('says nothing before it has seen more than a segment', () => {
  const reserve = new BufferReserve();
  expect(reserve.behindSeconds(0)).toBeUndefined();
  watch(reserve, 0, 2750, () => 3);
  expect(reserve.behindSeconds(2750)).toBeUndefined();
  watch(reserve, 3000, 3000, () => 3);
  expect(reserve.behindSeconds(3000)).toBeCloseTo(2.6);
});

it('goes by the lowest of the last seconds, which comes once in a segment', () => {
  const reserve = new BufferReserve();
  watch(reserve, 0, 10_000, (atMs) => (atMs === 6000 ? 0.5 : 1.5));
  expect(reserve.behindSeconds(10_000)).toBeCloseTo(0.1);
  watch(reserve, 10_250, 14_250, () => 1.5);
  expect(reserve.behindSeconds(14_250)).toBeCloseTo(1.1);
});

it('wants more after playback was held up, and less again as time goes by', () => {
  const reserve = new BufferReserve();
  reserve.heldUp(-2000);
  watch(reserve, -1000, 0, () => 1);
  reserve.heldUp(0);
  watch(reserve, 0, 4000, () => 1);
  expect(reserve.behindSeconds(4000)).toBeCloseTo(0.39);
  watch(reserve, 4250, 60_000, () => 1);
  expect(reserve.behindSeconds(60_000)).toBeCloseTo(0.6);
  for (let count = 0; count < 100; count++) {
    reserve.sample(61_000, 0);
    reserve.heldUp(61_000);
  }
  watch(reserve, 61_000, 65_000, () => 5);
  expect(reserve.behindSeconds(65_000)).toBeCloseTo(3.04);
});

it('starts again after a jump', () => {
  const reserve = new BufferReserve();
  watch(reserve, 0, 4000, () => 1);
  reserve.forget();
  expect(reserve.behindSeconds(4000)).toBeUndefined();
});
