import { describe, expect, it } from 'vitest';
import { timeLeft, TransferRate } from './transferRate.ts';

describe('TransferRate', () => {
  it('says nothing before a second has passed', () => {
    const rate = new TransferRate();
    rate.sent(0, 0);
    rate.sent(500, 500);
    expect(rate.bytesPerSecond).toBeUndefined();
    rate.sent(1000, 1000);
    expect(rate.bytesPerSecond).toBe(1000);
  });

  it('goes by the last seconds', () => {
    const rate = new TransferRate();
    for (let second = 0; second <= 20; second++) rate.sent(second * 1000, second * 1000);
    for (let second = 21; second <= 40; second++) rate.sent(20_000 + (second - 20) * 50, second * 1000);
    expect(rate.bytesPerSecond).toBeCloseTo(50);
  });

  it('begins anew after a pause', () => {
    const rate = new TransferRate();
    rate.sent(0, 0);
    rate.sent(1000, 1000);
    rate.reset();
    expect(rate.bytesPerSecond).toBeUndefined();
  });
});

describe('timeLeft', () => {
  it.each([
    [100, undefined, ''],
    [100, 0, ''],
    [100, 100, 'a few seconds left'],
    [1700, 100, '20 seconds left'],
    [5800, 100, 'a minute left'],
    [12_000, 100, '2 minutes left'],
    [480_000, 100, '1 h 20 min left'],
  ])('of %i bytes at %s a second is "%s"', (bytes, rate, text) => {
    expect(timeLeft(bytes, rate)).toBe(text);
  });
});
