import { describe, expect, it } from 'vitest';
import { clampFrame, cutRange, frameAt, frameNearest, gapAt, gridOf, mediaOf, positionOf, timeOf } from './media.ts';

const video = {
  startMs: 0,
  endMs: 10_000,
  live: false,
  epochMs: 1_800_000_000_000,
  frameRate: 25,
  gaps: [],
  hasSource: true,
};
const open = (span: typeof video) => mediaOf(span, gridOf(span));

describe('frames of a video', () => {
  const media = open(video);

  it('count from its first', () => {
    expect(media).toMatchObject({ start: 0, end: 250 });
    expect(frameAt(media, 0)).toBe(0);
    expect(frameAt(media, 39)).toBe(0);
    expect(frameAt(media, 40)).toBe(1);
    expect(positionOf(media, 249)).toBe(9960);
    expect(clampFrame(media, 250)).toBe(249);
    expect(clampFrame(media, -3)).toBe(0);
  });

  it('are cut in their middles, the last at the very end', () => {
    expect(cutRange(media, { start: 10, end: 20 })).toEqual({ inMs: 420, outMs: 820 });
    expect(cutRange(media, { start: 0, end: 250 })).toEqual({ inMs: 20, outMs: 10_000 });
  });

  it.each([24, 25, 29.97, 30, 50, 59.94])('are found again from whole milliseconds, at %d a second', (frameRate) => {
    const odd = open({ ...video, frameRate, endMs: 3_600_000 });
    for (const frame of [0, 1, 2, 29, 30, 1001, 80_000]) {
      expect(frameNearest(odd.grid, Math.round(timeOf(odd.grid, frame)))).toBe(frame);
      expect(frameAt(odd, positionOf(odd, frame))).toBe(frame);
      expect(frameAt(odd, positionOf(odd, frame + 0.5))).toBe(frame);
    }
  });
});

describe('frames of a live entry', () => {
  it('keep their numbers while the window moves and the end grows', () => {
    const span = { ...video, startMs: 2013, endMs: 9013, live: true };
    const grid = gridOf(span);
    const before = mediaOf(span, grid);
    expect(before).toMatchObject({ start: 50, end: 225 });
    expect(positionOf(before, 50)).toBeCloseTo(2013);
    const after = mediaOf({ ...span, startMs: 4013, endMs: 12_013 }, grid);
    expect(after).toMatchObject({ start: 100, end: 300 });
  });

  it('are the same moments when positions count from the first frame, the broadcast having ended', () => {
    const span = { ...video, startMs: 2000, endMs: 9000, live: true };
    const grid = gridOf(span);
    const ended = mediaOf({ ...span, startMs: 0, endMs: 7000, live: false, epochMs: video.epochMs + 2000 }, grid);
    expect(ended).toMatchObject({ start: 50, end: 225 });
    expect(cutRange(ended, { start: 75, end: 100 })).toEqual({ inMs: 1020, outMs: 2020 });
  });
});

describe('gaps', () => {
  const media = open({ ...video, gaps: [{ startMs: 4000, endMs: 5210 }] as never[] });

  it('hold no frames', () => {
    expect(gapAt(media, 99)).toBeUndefined();
    expect(gapAt(media, 100)).toEqual({ start: 100, end: 131 });
    expect(gapAt(media, 131)).toBeUndefined();
  });

  it('can be cut up to', () => {
    expect(cutRange(media, { start: 10, end: 100 })).toEqual({ inMs: 420, outMs: 4000 });
    expect(cutRange(media, { start: 131, end: 200 }).inMs).toBe(5260);
  });
});

it('sound alone is cut by the hundredth of a second', () => {
  const media = open({ ...video, frameRate: 0 });
  expect(media).toMatchObject({ end: 1000, grid: { hasFrames: false } });
  expect(cutRange(media, { start: 123, end: 456 })).toEqual({ inMs: 1230, outMs: 4560 });
});
