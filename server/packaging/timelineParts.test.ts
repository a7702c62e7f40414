import { describe, expect, it } from 'vitest';
import { MemoryTimeline } from './memoryTimeline.fixture.ts';
import { TimelineParts } from './timelineParts.ts';
import { addSegments, v0 } from './tracks.fixture.ts';

const epochMs = Date.UTC(2026, 0, 2, 3, 4, 5);

function recording(count = 10): MemoryTimeline {
  const timeline = new MemoryTimeline({ epochMs });
  timeline.startPeriod(0, [v0]);
  addSegments(timeline, count, 0, [v0]);
  return timeline;
}

describe('parts of timelines', () => {
  it('are the same for all who ask for the same', () => {
    const parts = new TimelineParts(() => 0);
    const whole = recording();
    const part = parts.of(whole, { startMs: epochMs + 4000 });
    expect(part?.segments.length).toBe(8);
    expect(parts.of(whole, { startMs: epochMs + 4000 })).toBe(part);
    expect(parts.of(whole, { endMs: epochMs + 4000 })).not.toBe(part);
  });

  it('without media are not there, and not kept', () => {
    const parts = new TimelineParts(() => 0);
    const whole = recording();
    for (let index = 0; index < 1000; index++) {
      expect(parts.of(whole, { startMs: epochMs + 20_000 + index })).toBeUndefined();
    }
    expect(parts.size).toBe(0);
  });

  it('are of the timeline that is asked, also when another has had its name', () => {
    const parts = new TimelineParts(() => 0);
    parts.of(recording(), { endMs: epochMs + 4000 });
    expect(parts.of(recording(1), { endMs: epochMs + 4000 })?.segments.length).toBe(1);
  });

  it('are let go by number, by size, and when nobody asks any more', () => {
    let nowMs = 0;
    const parts = new TimelineParts(() => nowMs, { parts: 10, segments: 25 });
    const whole = recording();
    for (let index = 0; index < 100; index++) parts.of(whole, { endMs: epochMs + 1 + index });
    expect(parts.size).toBe(10);
    parts.of(whole, {});
    parts.of(whole, { startMs: epochMs });
    expect(parts.size).toBeLessThanOrEqual(7);
    nowMs = 61_000;
    parts.of(whole, { startMs: epochMs });
    expect(parts.size).toBe(1);
  });
});
