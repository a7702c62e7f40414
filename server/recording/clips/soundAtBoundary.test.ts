import { describe, expect, it } from 'vitest';
import { MemoryTimeline, type SegmentToAdd } from '../../packaging/memoryTimeline.fixture.ts';
import { a0, v0 } from '../../packaging/tracks.fixture.ts';
import type { CutPoint } from './cutPoint.ts';
import { beginWithSound, endWithSound } from './soundAtBoundary.ts';

/** Two seconds of picture, with the whole frames of sound that begin in them. */
function segmentAt(startMs: number): SegmentToAdd {
  const frameAfter = (ms: number) => Math.ceil((ms * 48) / 1024) * 1024;
  const [startTicks, endTicks] = [frameAfter(startMs), frameAfter(startMs + 2000)];
  return {
    startMs,
    durationMs: 2000,
    tracks: {
      v0: { startTicks: startMs * 90, durationTicks: 180_000, independent: true },
      a0: { startTicks, durationTicks: endTicks - startTicks },
    },
  };
}

/** Segments 0 to 16, and after a pause 17 and 18. */
function timelineWith({ ended = true } = {}): MemoryTimeline {
  const timeline = new MemoryTimeline({});
  timeline.startPeriod(0, [v0, a0]);
  for (let index = 0; index < 17; index++) timeline.add(segmentAt(index * 2000));
  timeline.startPeriod(61_000, [v0, a0]);
  for (const startMs of [61_000, 63_000]) timeline.add(segmentAt(startMs));
  if (ended) timeline.end();
  return timeline;
}

const boundary = (sequence: number, atMs: number): CutPoint => ({ sequence, atMs, isBoundary: true });

describe('a cut at a boundary of segments', () => {
  it('is within a segment where a frame of sound goes over it', () => {
    const timeline = timelineWith();
    expect(beginWithSound(timeline, boundary(1, 2000))).toEqual({ sequence: 1, atMs: 2000, isBoundary: false });
    expect(endWithSound(timeline, boundary(1, 2000))).toEqual({ sequence: 0, atMs: 2000, isBoundary: false });
  });

  it('ends at the boundary where a frame of sound ends there, too', () => {
    // 750 frames of sound.
    const [timeline, point] = [timelineWith(), boundary(8, 16_000)];
    expect(endWithSound(timeline, point)).toEqual(point);
    expect(beginWithSound(timeline, point)).toEqual({ ...point, isBoundary: false });
  });

  it.each([
    ['the beginning of all', boundary(0, 0)],
    ['a pause', boundary(17, 34_000)],
    ['the end of all', boundary(19, 65_000)],
  ])('is at the boundary where nothing goes on over it: %s', (_, point) => {
    const timeline = timelineWith();
    expect(beginWithSound(timeline, point)).toEqual(point);
    expect(endWithSound(timeline, point)).toEqual(point);
  });

  it('ends within a segment where live media will go on', () => {
    const timeline = timelineWith({ ended: false });
    expect(endWithSound(timeline, boundary(19, 65_000))).toEqual({ sequence: 18, atMs: 65_000, isBoundary: false });
  });

  it('stays where it is within a segment', () => {
    const within: CutPoint = { sequence: 1, atMs: 2500, isBoundary: false };
    expect(beginWithSound(timelineWith(), within)).toBe(within);
    expect(endWithSound(timelineWith(), within)).toBe(within);
  });
});
