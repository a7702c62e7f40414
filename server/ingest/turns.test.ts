import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

describe('Turns', () => {
  it('come one after the other for one key, each after a pause, and beside each other for two', () => {
    const turns = new Turns(1000, 5000);
    expect(['a', 'a', 'b', 'a'].map((key) => turns.next(key, 0))).toEqual([1000, 2000, 1000, 3000]);
    expect(turns.next('a', 2500)).toBe(1500);
    expect(turns.next('a', 60_000)).toBe(1000);
  });

  it('wait the longest time where there are more, and the queue grows no longer by them', () => {
    const turns = new Turns(1000, 3000);
    expect(Array.from({ length: 5 }, () => turns.next('a', 0))).toEqual([1000, 2000, 3000, 3000, 3000]);
    expect(turns.next('a', 1000)).toBe(3000);
  });

  it('are kept for a bounded number of keys, and forgotten when they are over', () => {
    const turns = new Turns(1000, 3000);
    for (let index = 0; index < 12_000; index += 1) turns.next(`a${index}`, 0);
    expect(turns.size).toBeLessThanOrEqual(10_000);
    turns.next('b', 1000);
    expect(turns.size).toBe(1);
  });
});
