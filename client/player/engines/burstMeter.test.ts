import { expect, it } from 'vitest';
import { BurstMeter } from './burstMeter.ts';

it('counts the time in which bytes come, not the time in which there are none to come', () => {
  const meter = new BurstMeter();
  for (const partMs of [0, 333, 667]) {
    for (const ms of [0, 20, 40, 60]) meter.read(partMs + ms, 10_000);
  }
  expect(meter.take()).toEqual({ ms: 180, bytes: 120_000 });
  expect(meter.take()).toBeUndefined();
});

it('sees all of the time on a network that is slower than the media', () => {
  const meter = new BurstMeter();
  for (let ms = 0; ms <= 2000; ms += 50) meter.read(ms, 2500);
  expect(meter.take()).toEqual({ ms: 2000, bytes: 102_500 });
});

it('waits for enough, and makes no more of a quick network than can be measured', () => {
  const meter = new BurstMeter();
  meter.read(0, 40_000);
  expect(meter.take()).toBeUndefined();
  meter.read(333, 40_000);
  expect(meter.take()).toEqual({ ms: 25, bytes: 80_000 });
});
