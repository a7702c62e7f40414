import { expect, it } from 'vitest';
import { soundLevel } from './soundLevel.ts';

it('follows loudness as ears do: half way is −30 dB', () => {
  expect(soundLevel(new Float32Array(512))).toBe(0);
  expect(soundLevel(new Float32Array(0))).toBe(0);
  expect(soundLevel(new Float32Array(512).fill(1))).toBe(1);
  expect(soundLevel(new Float32Array(512).fill(10 ** (-30 / 20)))).toBeCloseTo(0.5);
});
