import { describe, expect, it } from 'vitest';
import { MemoryTimeline } from './memoryTimeline.fixture.ts';
import { TimelineParts } from './timelineParts.ts';
import { addSegments, v0, v1 } from './tracks.fixture.ts';

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

  it('are the same for all ranges that have the same segments', () => {
    const parts = new TimelineParts(() => 0);
    const whole = recording();
    const part = parts.of(whole, { startMs: epochMs + 4000, endMs: epochMs + 8000 });
    for (let index = 0; index < 1000; index++) {
      expect(parts.of(whole, { startMs: epochMs + 4000 + index, endMs: epochMs + 8000 - index })).toBe(part);
    }
    expect(parts.size).toBe(1);
    expect(parts.of(whole, { startMs: epochMs + 4000, endMs: epochMs + 8001 })).not.toBe(part);
  });

  it('with all there is, and all that comes, are the timeline itself', () => {
    const parts = new TimelineParts(() => 0);
    const [live, ended] = [recording(), recording()];
    ended.end();
    for (const range of [{ startMs: epochMs - 1 }, { startMs: epochMs + 1999 }, {}]) {
      expect(parts.of(live, range)).toBe(live);
      expect(parts.of(ended, range)).toBe(ended);
    }
    expect(parts.of(ended, { endMs: epochMs + 20_000 })).toBe(ended);
    expect(parts.of(live, { endMs: epochMs + 20_000 })).not.toBe(live);
    expect(parts.of(ended, { startMs: epochMs + 2000 })).not.toBe(ended);
    expect(parts.size).toBe(2);
  });

  it('that begin at the edge of the window stay the same while it moves', () => {
    const parts = new TimelineParts(() => 0);
    const whole = new MemoryTimeline({ epochMs, windowSeconds: 10 });
    whole.startPeriod(0, [v0]);
    addSegments(whole, 5, 0, [v0]);
    const range = { startMs: epochMs, endMs: epochMs + 60_000 };
    const part = parts.of(whole, range);
    addSegments(whole, 5, 10_000, [v0]);
    expect(parts.of(whole, range)).toBe(part);
    expect(part?.segments.map(({ sequence }) => sequence)).toEqual([5, 6, 7, 8, 9]);
  });

  it('that wait for their end are told apart by it, and have one once media behind it are there', () => {
    const parts = new TimelineParts(() => 0);
    const whole = recording();
    const [near, far] = [21_000, 30_000].map((ms) => ({ startMs: epochMs + 4000, endMs: epochMs + ms }));
    expect(parts.of(whole, near!)).not.toBe(parts.of(whole, far!));
    addSegments(whole, 2, 20_000, [v0]);
    expect(parts.of(whole, near!)).toMatchObject({ ended: true });
    expect(parts.of(whole, near!)?.segments.at(-1)?.startMs).toBe(20_000);
    expect(parts.of(whole, far!)).toMatchObject({ ended: false });
  });

  it('are let go by number, by size, and when nobody asks any more', () => {
    let nowMs = 0;
    const parts = new TimelineParts(() => nowMs, { parts: 10, trackSegments: 50 });
    const whole = new MemoryTimeline({ epochMs });
    whole.startPeriod(0, [v0, v1]);
    addSegments(whole, 100, 0, [v0, v1]);
    const from = (index: number) => epochMs + 2000 * index;
    for (let index = 0; index < 50; index++) parts.of(whole, { startMs: from(index), endMs: from(index + 1) });
    expect([parts.size, parts.trackSegments]).toEqual([10, 20]);
    for (let index = 1; index < 50; index++) {
      parts.of(whole, { startMs: from(index), endMs: from(index + 11) });
      expect(parts.trackSegments).toBeLessThanOrEqual(50);
    }
    // Larger than all may be: it is alone.
    const large = parts.of(whole, { startMs: from(1) });
    expect([parts.size, parts.trackSegments]).toEqual([1, 198]);
    expect(parts.of(whole, { startMs: from(1) })).toBe(large);
    nowMs = 60_000;
    parts.letGoOfIdle();
    expect(parts.size).toBe(1);
    nowMs = 60_001;
    parts.letGoOfIdle();
    expect(parts.size).toBe(0);
  });
});
