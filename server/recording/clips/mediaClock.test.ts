import { describe, expect, it } from 'vitest';
import type { Segment } from '../../media/timeline.ts';
import { MemoryTimeline } from '../../packaging/memoryTimeline.fixture.ts';
import { addSegments, v0 } from '../../packaging/tracks.fixture.ts';
import { clockedParts, presentPosition } from './mediaClock.ts';
import { originMs } from './mediaSpan.ts';

const epochMs = 1_800_000_000_000;
const pauseMs = 60_000;

function broadcast(windowSeconds: number, seconds: number): MemoryTimeline {
  const timeline = new MemoryTimeline({ epochMs, windowSeconds });
  timeline.startPeriod(0, [v0]);
  addSegments(timeline, seconds / 2, 0, [v0]);
  return timeline;
}

const now = (timeline: MemoryTimeline, positionMs: number, clock: number) =>
  presentPosition(timeline, originMs(timeline), { positionMs, epochMs: clock });

/** Two broadcasts of 4 s, one after the other, as a recording has them. */
function twoBroadcasts() {
  const segment = (sequence: number): Segment => {
    const startMs = sequence * 2000;
    const wallClockMs = epochMs + startMs + (sequence < 2 ? 0 : pauseMs);
    return { sequence, period: 0, startMs, durationMs: 2000, wallClockMs, tracks: {} };
  };
  return { epochMs, segments: [0, 1, 2, 3].map(segment) };
}

describe('a position by a clock', () => {
  it('stays where it is as long as that clock is right, stored or not', () => {
    const live = broadcast(0, 8);
    expect(now(live, 5000, epochMs)).toBe(5000);
    expect(now(live, 9500, epochMs)).toBe(9500);
    expect(presentPosition(new MemoryTimeline({ epochMs }), 0, { positionMs: 300, epochMs })).toBe(300);
  });

  it('is the same media once positions count from where a window begins', () => {
    const ended = broadcast(4, 12);
    ended.end();
    expect(originMs(ended)).toBe(8000);
    expect(now(ended, 9500, epochMs)).toBe(1500);
    expect(now(ended, 2500, epochMs + 7000)).toBe(1500);
    expect(now(ended, 500, epochMs + 2000)).toBeUndefined();
    expect(now(ended, 6000, epochMs + 7000)).toBeUndefined();
  });

  it('is the same media in a recording whose earlier broadcasts come before it', () => {
    const recording = twoBroadcasts();
    const clock = epochMs + 4000 + pauseMs;
    expect(presentPosition(recording, 0, { positionMs: 1500, epochMs: clock })).toBe(5500);
    expect(presentPosition(recording, 0, { positionMs: 5500, epochMs: epochMs + pauseMs })).toBe(5500);
    expect(presentPosition(recording, 0, { positionMs: 1500, epochMs })).toBe(1500);
    // In the pause, nothing was on air.
    expect(presentPosition(recording, 0, { positionMs: 5500, epochMs })).toBeUndefined();
  });
});

it('a recording has a part for each broadcast, counted from where callers count', () => {
  expect(clockedParts(twoBroadcasts(), 0)).toEqual([
    { startMs: 0, epochMs },
    { startMs: 4000, epochMs: epochMs + pauseMs },
  ]);
  const later = { epochMs, segments: twoBroadcasts().segments.slice(1) };
  expect(clockedParts(later, 2000)).toEqual([
    { startMs: 0, epochMs: epochMs + 2000 },
    { startMs: 2000, epochMs: epochMs + pauseMs + 2000 },
  ]);
});
