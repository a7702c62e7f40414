import { expect, it } from 'vitest';
import { placeOnSheet, sceneAt } from './scenes.ts';

const tile = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds, wallClockMs: 0, url: '' });
const tiles = [tile(0, 2), tile(2, 4), tile(60, 62)];

it('each time has its picture, and a gap has none', () => {
  expect(sceneAt(tiles, 0)).toBe(tiles[0]);
  expect(sceneAt(tiles, 1.99)).toBe(tiles[0]);
  expect(sceneAt(tiles, 2)).toBe(tiles[1]);
  expect(sceneAt(tiles, 30)).toBeUndefined();
  expect(sceneAt(tiles, 61)).toBe(tiles[2]);
  expect(sceneAt(tiles, 62)).toBeUndefined();
  expect(sceneAt(tiles, -1)).toBeUndefined();
  expect(sceneAt([], 0)).toBeUndefined();
});

it('a picture has its place on a sheet', () => {
  expect(placeOnSheet({ url: 'https://x/sheet-0.jpg?v=1#xywh=160,90,160,90' })).toEqual({
    sheet: 'https://x/sheet-0.jpg?v=1',
    x: 160,
    y: 90,
    width: 160,
    height: 90,
  });
});
