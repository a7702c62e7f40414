import { describe, expect, it } from 'vitest';
import { chooseInterval, layOut, parseInterval, placeOf, tilesOf, tilesPerSheet } from './storyboardLayout.ts';

const hourMs = 3_600_000;
const wide = { width: 1920, height: 1080 };

describe('the interval of a storyboard', () => {
  it.each([
    [60_000, 2000],
    [10 * 60_000, 2000],
    [hourMs, 10_000],
    [2 * hourMs, 20_000],
    [24 * hourMs, 240_000],
    [100 * hourMs, 600_000],
  ])('of %i ms is %i ms', (lengthMs, intervalMs) => {
    expect(chooseInterval('usual', lengthMs)).toBe(intervalMs);
  });

  it('is as fine as asked for, but not so that there are too many', () => {
    expect(chooseInterval(1000, hourMs)).toBe(1000);
    expect(chooseInterval(3000, hourMs)).toBe(5000);
    expect(chooseInterval(1000, 24 * hourMs)).toBe(30_000);
    expect(chooseInterval(9_999_000, hourMs)).toBe(600_000);
  });

  it('is a whole number of seconds', () => {
    expect(parseInterval('5')).toBe(5000);
    expect(parseInterval(null)).toBe('usual');
    for (const asked of ['', '0', '-5', '5.5', '1e3', '10000', ' 5']) expect(parseInterval(asked)).toBeUndefined();
  });
});

describe('the layout of a storyboard', () => {
  it('keeps tiles where they are while a window moves over them', () => {
    const before = layOut({ startMs: 0, endMs: 600_000 }, 2000, wide);
    const after = layOut({ startMs: 90_500, endMs: 690_500 }, 2000, wide);
    expect(tilesOf(before, 3)).toEqual({ first: 75, end: 100 });
    expect(tilesOf(after, 3)).toEqual({ first: 75, end: 100 });
    expect(tilesOf(after, 1)).toEqual({ first: 45, end: 50 });
    expect(tilesOf(after, 0)).toBeUndefined();
    expect(tilesOf(after, 13)).toEqual({ first: 325, end: 346 });
    expect(tilesOf(after, 14)).toBeUndefined();
    expect(placeOf(before, 77)).toEqual(placeOf(after, 77));
  });

  it('puts tiles side by side, each within its sheet', () => {
    const layout = layOut({ startMs: 0, endMs: 600_000 }, 2000, wide);
    const places = Array.from({ length: tilesPerSheet }, (_, tile) => placeOf(layout, tile));
    expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(tilesPerSheet);
    expect(places.at(-1)).toEqual({ x: 640, y: 360 });
  });

  it.each([
    [wide, 160, 90],
    [{ width: 1080, height: 1920 }, 90, 160],
    [{ width: 640, height: 480 }, 160, 120],
    [{ width: 4000, height: 10 }, 160, 2],
  ])('makes tiles in the shape of the picture, with even sides', (picture, width, height) => {
    expect(layOut({ startMs: 0, endMs: 1 }, 2000, picture)).toMatchObject({ width, height });
  });
});
