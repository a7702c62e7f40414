import { describe, expect, it } from 'vitest';
import { findTile, parseStoryboard } from './storyboard.ts';

const text = `WEBVTT

1000000000000
00:00:00.000 --> 00:00:10.000
storyboard-0.jpg?interval=10&v=a.2#xywh=0,0,160,90

1000000010000
00:00:10.000 --> 00:00:20.000
storyboard-0.jpg?interval=10&v=a.2#xywh=160,0,160,90

NOTE something else

1000000060000
01:00:00.000 --> 01:00:05.500
storyboard-9.jpg?interval=10&v=a.2#xywh=0,90,160,90
`;
const tiles = parseStoryboard(text, 'https://live.example.org/play/0_abcd1234/storyboard.vtt');
const wallClockMs = undefined;

describe('a storyboard', () => {
  it('is read with addresses that hold anywhere', () => {
    expect(tiles).toHaveLength(3);
    expect(tiles[2]).toEqual({
      startSeconds: 3600,
      endSeconds: 3605.5,
      wallClockMs: 1_000_000_060_000,
      url: 'https://live.example.org/play/0_abcd1234/storyboard-9.jpg?interval=10&v=a.2#xywh=0,90,160,90',
    });
    expect(parseStoryboard('<!doctype html>', 'https://live.example.org/')).toEqual([]);
  });

  it('has a tile for each time, the later one where two touch', () => {
    expect(findTile(tiles, { seconds: 0, wallClockMs })).toBe(tiles[0]);
    expect(findTile(tiles, { seconds: 9.9, wallClockMs })).toBe(tiles[0]);
    expect(findTile(tiles, { seconds: 10, wallClockMs })).toBe(tiles[1]);
    expect(findTile(tiles, { seconds: 3604, wallClockMs })).toBe(tiles[2]);
  });

  it('is found by the wall clock where the player’s own times begin elsewhere', () => {
    expect(findTile(tiles, { seconds: 0, wallClockMs: 1_000_000_012_000 })).toBe(tiles[1]);
    expect(findTile(tiles, { seconds: 0, wallClockMs: 1_000_000_061_000 })).toBe(tiles[2]);
  });

  it('shows what is near rather than nothing, but not what is far', () => {
    expect(findTile(tiles, { seconds: 25, wallClockMs })).toBe(tiles[1]);
    expect(findTile(tiles, { seconds: 1800, wallClockMs })).toBeUndefined();
    expect(findTile([], { seconds: 0, wallClockMs })).toBeUndefined();
  });
});
