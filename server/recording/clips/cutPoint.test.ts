import { describe, expect, it } from 'vitest';
import { MemoryTimeline } from '../../packaging/memoryTimeline.fixture.ts';
import { a0, segmentOf } from '../../packaging/tracks.fixture.ts';
import { findCutPoint, findCutPointAfter } from './cutPoint.ts';
import { timedSegment, timedTrack } from './timedPicture.fixture.ts';

const ticks = (ms: number) => ms * 90;

/** Frames at 0, 20, 50, 400 and 1000 ms; then from 2000 ms on at every second; a gap, and one more segment at 9000 ms. */
function uneven(): MemoryTimeline {
  const timeline = new MemoryTimeline({});
  timeline.startPeriod(0, [timedTrack]);
  timeline.add(timedSegment(0, [20, 30, 350, 600, 1000].map(ticks)));
  timeline.add(timedSegment(2000, [1000, 1000].map(ticks)));
  timeline.startPeriod(9000, [timedTrack]);
  timeline.add(timedSegment(9000, [1000].map(ticks)));
  timeline.end();
  return timeline;
}

describe('a place to cut', () => {
  it.each([
    [60, { sequence: 0, atMs: 50, isBoundary: false }],
    [399, { sequence: 0, atMs: 400, isBoundary: false }],
    [0, { sequence: 0, atMs: 0, isBoundary: true }],
    [2600, { sequence: 1, atMs: 2000, isBoundary: true }],
  ])('is before the frame that is on the screen at %d ms', async (positionMs, place) => {
    expect(await findCutPoint(uneven(), positionMs)).toEqual(place);
  });

  it.each([
    ['at its beginning', 50, { sequence: 0, atMs: 400, isBoundary: false }],
    ['long after it came', 390, { sequence: 0, atMs: 400, isBoundary: false }],
    ['the first of all', 0, { sequence: 0, atMs: 20, isBoundary: false }],
    ['the first of a segment', 2000, { sequence: 1, atMs: 3000, isBoundary: false }],
    ['the last of a segment', 1500, { sequence: 1, atMs: 2000, isBoundary: true }],
    ['the last before a gap', 3900, { sequence: 2, atMs: 4000, isBoundary: true }],
    ['where the gap begins', 4000, { sequence: 2, atMs: 4000, isBoundary: true }],
    ['the last of all', 9500, { sequence: 3, atMs: 10_000, isBoundary: true }],
  ])('is after the frame on the screen, however long it lasts: %s', async (_, positionMs, place) => {
    expect(await findCutPointAfter(uneven(), positionMs)).toEqual(place);
  });

  it('is nowhere in a gap, nor outside of the media', async () => {
    expect(await findCutPointAfter(uneven(), 5000)).toEqual({ failure: 'gap', startMs: 4000, endMs: 9000 });
    expect(await findCutPointAfter(uneven(), 10_005)).toEqual({ failure: 'outside', startMs: 0, endMs: 10_000 });
  });

  it('is a sample of sound where there is no picture', async () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [a0]);
    timeline.add(segmentOf(0, 2000, [a0]));
    expect(await findCutPoint(timeline, 500)).toEqual({ sequence: 0, atMs: 500, isBoundary: false });
    expect(await findCutPointAfter(timeline, 500)).toMatchObject({ sequence: 0, atMs: 24_001 / 48 });
    expect(await findCutPointAfter(timeline, 1999.99)).toEqual({ sequence: 1, atMs: 2000, isBoundary: true });
  });
});
