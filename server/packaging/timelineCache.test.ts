import { describe, expect, it } from 'vitest';
import { MemoryTimeline } from './memoryTimeline.fixture.ts';
import { TimelineCache } from './timelineCache.ts';

describe('TimelineCache', () => {
  it('keeps what is asked for and lets go of what nobody asks for', () => {
    const cache = new TimelineCache(() => ({}));
    const [watched, forgotten] = [new MemoryTimeline({}), new MemoryTimeline({})];
    const state = cache.of(watched, 0);
    cache.of(forgotten, 0);
    for (let nowMs = 0; nowMs <= 80_000; nowMs += 2000) expect(cache.of(watched, nowMs)).toBe(state);
    expect(cache.size).toBe(1);
  });

  it('lets go although the clock was set back', () => {
    const cache = new TimelineCache(() => ({}));
    cache.of(new MemoryTimeline({}), 1_000_000);
    cache.of(new MemoryTimeline({}), 1000);
    expect(cache.size).toBe(1);
  });
});
