import { describe, expect, it } from 'vitest';
import {
  clampFrame,
  cutRange,
  frameAt,
  frameNearest,
  gapAt,
  gridOf,
  mediaOf,
  positionOf,
  timeOf,
  type MediaSpan,
} from './media.ts';
import { spanOf } from './span.fixture.ts';

const { epochMs } = spanOf();
const open = (changes: Partial<MediaSpan> = {}) => mediaOf(spanOf(changes), gridOf(spanOf(changes)));

describe('frames of a video', () => {
  const media = open();

  it('count from its first', () => {
    expect(media).toMatchObject({ start: 0, end: 250 });
    expect(frameAt(media, 0)).toBe(0);
    expect(frameAt(media, 39)).toBe(0);
    expect(frameAt(media, 40)).toBe(1);
    expect(positionOf(media, 249)).toBe(9960);
    expect(clampFrame(media, 250)).toBe(249);
    expect(clampFrame(media, -3)).toBe(0);
  });

  it('are cut by the middles of the first and the last, with the clock they go by', () => {
    expect(cutRange(media, { start: 10, end: 20 })).toEqual({ inMs: 420, lastMs: 780, epochMs });
    expect(cutRange(media, { start: 0, end: 250 })).toEqual({ inMs: 20, lastMs: 9980, epochMs });
    expect(cutRange(media, { start: 7, end: 8 })).toEqual({ inMs: 300, lastMs: 300, epochMs });
  });

  it.each([24, 25, 29.97, 30, 50, 59.94])('are found again from whole milliseconds, at %d a second', (frameRate) => {
    const odd = open({ frameRate, endMs: 3_600_000 });
    for (const frame of [0, 1, 2, 29, 30, 1001, 80_000]) {
      expect(frameNearest(odd.grid, Math.round(timeOf(odd.grid, frame)))).toBe(frame);
      expect(frameAt(odd, positionOf(odd, frame))).toBe(frame);
      expect(frameAt(odd, positionOf(odd, frame + 0.5))).toBe(frame);
    }
  });
});

describe('frames of a live entry', () => {
  it('keep their numbers while the window moves and the end grows', () => {
    const grid = gridOf(spanOf({ startMs: 2013, endMs: 9013, live: true }));
    const before = mediaOf(spanOf({ startMs: 2013, endMs: 9013, live: true }), grid);
    expect(before).toMatchObject({ start: 50, end: 225 });
    expect(positionOf(before, 50)).toBeCloseTo(2013);
    const after = mediaOf(spanOf({ startMs: 4013, endMs: 12_013, live: true }), grid);
    expect(after).toMatchObject({ start: 100, end: 300 });
  });

  it('are the same moments when positions count from the first frame, the broadcast having ended', () => {
    const grid = gridOf(spanOf({ startMs: 2000, endMs: 9000, live: true }));
    const ended = mediaOf(spanOf({ endMs: 7000, epochMs: epochMs + 2000 }), grid);
    expect(ended).toMatchObject({ start: 50, end: 225 });
    expect(cutRange(ended, { start: 75, end: 100 })).toEqual({ inMs: 1020, lastMs: 1980, epochMs: epochMs + 2000 });
  });

  it('are the same media when the broadcast becomes the last part of a recording', () => {
    const grid = gridOf(spanOf({ startMs: 3000, endMs: 9000, live: true }));
    // An hour before, 20 s had been recorded.
    const parts = [
      { startMs: 0, epochMs: epochMs - 3_600_000 },
      { startMs: 20_000, epochMs: epochMs - 20_000 },
    ];
    const gaps = [
      { startMs: 5000, endMs: 6000 },
      { startMs: 24_000, endMs: 25_000 },
    ];
    const recording = mediaOf(spanOf({ endMs: 29_000, epochMs: epochMs - 3_600_000, parts, gaps }), grid);
    expect(recording).toMatchObject({ start: 0, end: 225, gaps: [{ start: 100, end: 125 }] });
    expect(positionOf(recording, 75)).toBe(23_000);
    expect(frameAt(recording, 23_000)).toBe(75);
    expect(cutRange(recording, { start: 75, end: 100 })).toEqual({
      inMs: 23_020,
      lastMs: 23_980,
      epochMs: epochMs - 20_000,
    });
  });

  it('of a recording count from its first broadcast on, and each is cut by the clock of its own', () => {
    const parts = [
      { startMs: 0, epochMs },
      { startMs: 4000, epochMs: epochMs + 60_000 },
    ];
    const recording = open({ parts });
    expect(recording).toMatchObject({ start: 0, end: 250 });
    expect(cutRange(recording, { start: 25, end: 200 })).toMatchObject({ inMs: 1020, lastMs: 7980, epochMs });
    expect(cutRange(recording, { start: 150, end: 200 })).toMatchObject({ inMs: 6020, epochMs: epochMs + 60_000 });
  });
});

describe('gaps', () => {
  const media = open({ gaps: [{ startMs: 4000, endMs: 5210 }] });

  it('hold no frames', () => {
    expect(gapAt(media, 99)).toBeUndefined();
    expect(gapAt(media, 100)).toEqual({ start: 100, end: 131 });
    expect(gapAt(media, 131)).toBeUndefined();
  });

  it('can be cut up to', () => {
    expect(cutRange(media, { start: 10, end: 100 })).toMatchObject({ inMs: 420, lastMs: 3980 });
    expect(cutRange(media, { start: 131, end: 200 }).inMs).toBe(5260);
  });
});

it('sound alone is cut by the hundredth of a second', () => {
  const gaps = [{ startMs: 6004, endMs: 7000 }];
  const media = open({ hasPicture: false, frameRate: 0, endMs: 9997, gaps });
  expect(media).toMatchObject({ end: 1000, grid: { hasFrames: false } });
  expect(cutRange(media, { start: 123, end: 456 })).toMatchObject({ inMs: 1230, outMs: 4560 });
  expect(cutRange(media, { start: 123, end: 600 })).toMatchObject({ outMs: 6004 });
  expect(cutRange(media, { start: 800, end: 1000 })).toMatchObject({ outMs: 9997 });
});

it('a picture of which no rate is known has frames all the same', () => {
  expect(open({ frameRate: 0 })).toMatchObject({ end: 250, grid: { hasFrames: true, frameRate: 25 } });
});
