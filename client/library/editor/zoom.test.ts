import { describe, expect, it } from 'vitest';
import { gridOf, mediaOf } from './media.ts';
import { spanOf } from './span.fixture.ts';
import { followFrame, frameToPixel, pixelsPerFrame, pixelToFrame, placeView, ticksOf, zoomAround } from './zoom.ts';

const span = spanOf({ endMs: 600_000, epochMs: 0 });
const media = mediaOf(span, gridOf(span));
const widthPixels = 1100;
const at = (level: Parameters<typeof pixelsPerFrame>[0], left = 0) => ({
  left,
  widthPixels,
  pixelsPerFrame: pixelsPerFrame(level, media, widthPixels),
});

describe('zoom levels', () => {
  it('show all, or a step of so much time, or each frame', () => {
    expect(at('all').pixelsPerFrame * 15_000).toBeCloseTo(widthPixels);
    expect(at('fiveSeconds').pixelsPerFrame * 125).toBeCloseTo(110);
    expect(at('second').pixelsPerFrame * 25).toBeCloseTo(110);
    expect(at('frames').pixelsPerFrame).toBe(44);
  });

  it('never show less of a short video than fits', () => {
    const short = mediaOf({ ...span, endMs: 2000 }, gridOf(span));
    expect(pixelsPerFrame('fiveSeconds', short, widthPixels)).toBe(pixelsPerFrame('all', short, widthPixels));
  });

  it('keep the frame that matters where it is', () => {
    const before = at('fiveSeconds', 5000);
    const after = zoomAround(before, at('frames').pixelsPerFrame, 5250, media);
    expect(frameToPixel(after, 5250)).toBeCloseTo(frameToPixel(before, 5250));
    // One that was not seen comes to the middle.
    expect(frameToPixel(zoomAround(before, 44, 9000, media), 9000)).toBeCloseTo(550);
    expect(zoomAround(after, at('all').pixelsPerFrame, 5250, media).left).toBe(0);
  });
});

it('a view stays within the media', () => {
  expect(placeView(at('second', -50), media).left).toBe(0);
  expect(placeView(at('second', 14_990), media).left).toBe(14_750);
});

it('a view follows what leaves it, and stays where it is otherwise', () => {
  const view = at('second', 1000);
  expect(followFrame(view, 1100, media)).toBe(view);
  expect(followFrame(view, 1300, media).left).toBe(1275);
  expect(frameToPixel(followFrame(view, 900, media), 900)).toBeGreaterThan(500);
  expect(frameToPixel(followFrame(view, 9000, media), 9000)).toBeCloseTo(110);
});

it('frames and pixels are each other’s inverse', () => {
  const view = at('second', 1000);
  expect(pixelToFrame(view, frameToPixel(view, 1234))).toBeCloseTo(1234);
});

describe('ticks', () => {
  const labels = (view: Parameters<typeof ticksOf>[0]) => ticksOf(view, media.grid).flatMap(({ label }) => label ?? []);

  it('name times that are easily read', () => {
    expect(labels(at('all'))).toEqual([
      '00:00',
      '01:00',
      '02:00',
      '03:00',
      '04:00',
      '05:00',
      '06:00',
      '07:00',
      '08:00',
      '09:00',
      '10:00',
    ]);
    expect(labels(at('fiveSeconds')).slice(0, 3)).toEqual(['00:00', '00:05', '00:10']);
    expect(labels(at('second')).slice(0, 3)).toEqual(['00:00', '00:01', '00:02']);
  });

  it('name frames where each is seen', () => {
    expect(labels(at('frames')).slice(0, 3)).toEqual(['0', '5', '10']);
    expect(ticksOf(at('frames'), media.grid)).toHaveLength(26);
  });

  it('are few enough, whatever the length', () => {
    const day = mediaOf({ ...span, endMs: 86_400_000 }, gridOf(span));
    const view = { left: 0, widthPixels, pixelsPerFrame: pixelsPerFrame('all', day, widthPixels) };
    expect(ticksOf(view, day.grid).length).toBeLessThan(70);
  });
});
