import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Turns } from './turns.ts';

describe('Turns', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('come one after the other for one key, each after a pause, and beside each other for two', async () => {
    const turns = new Turns(1000, 5);
    const came: string[] = [];
    for (const key of ['a', 'a', 'b']) void turns.wait(key).then(() => came.push(key));
    await vi.advanceTimersByTimeAsync(999);
    expect(came).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(came).toEqual(['a', 'b']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(came).toEqual(['a', 'b', 'a']);
    expect(turns.size).toBe(0);
  });

  it('are refused where too many wait, and given again later', async () => {
    const turns = new Turns(1000, 2);
    const both = [turns.wait('a'), turns.wait('a')];
    expect(await turns.wait('a')).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await Promise.all(both)).toEqual([true, true]);
    const later = turns.wait('a');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await later).toBe(true);
  });
});
