import { describe, expect, it } from 'vitest';
import { FailureCount } from './failureCount.ts';

describe('FailureCount', () => {
  it('counts from a key’s first failure on, and anew when the time is over', () => {
    const count = new FailureCount(60_000);
    expect([count.add('a', 0), count.add('a', 59_999), count.add('b', 59_999)]).toEqual([1, 2, 1]);
    expect([count.add('a', 60_000), count.add('b', 60_000)]).toEqual([1, 2]);
  });

  it('keeps a bounded number of keys, and none that is over', () => {
    const count = new FailureCount(60_000);
    for (let index = 0; index < 12_000; index += 1) count.add(`a${index}`, 0);
    expect(count.size).toBeLessThanOrEqual(10_000);
    count.add('b', 60_000);
    expect(count.size).toBe(1);
  });
});
