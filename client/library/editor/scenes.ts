import type { Tile } from '../../player/storyboard/storyboard.ts';
import type { ZoomLevel } from './zoom.ts';

/** Seconds between pictures that a level is worth; undefined: as the server likes. */
export const sceneSeconds: Record<ZoomLevel, number | undefined> = {
  all: undefined,
  fiveSeconds: 5,
  second: 1,
  frames: 1,
};

/** The picture of a time, in seconds from where the storyboard begins; tiles are in their order. */
export function sceneAt(tiles: readonly Tile[], seconds: number): Tile | undefined {
  let [low, high] = [0, tiles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tiles[middle]!.startSeconds <= seconds) low = middle + 1;
    else high = middle;
  }
  const tile = tiles[low - 1];
  return tile && seconds < tile.endSeconds ? tile : undefined;
}

/** Where a tile is: its sheet, and its place on that in pixels. */
export function placeOnSheet({ url }: Pick<Tile, 'url'>): {
  sheet: string;
  x: number;
  y: number;
  width: number;
  height: number;
} {
  const [sheet = '', place = ''] = url.split('#xywh=');
  const [x = 0, y = 0, width = 0, height = 0] = place.split(',').map(Number);
  return { sheet, x, y, width, height };
}
