import type { Extent } from './stretch.ts';

/** Five by five: soon there when somebody begins to scrub, and cheap to make anew while it grows. */
export const columns = 5;
export const rows = 5;
export const tilesPerSheet = columns * rows;

const intervalsMs = [1, 2, 5, 10, 20, 30, 60, 120, 240, 600].map((seconds) => seconds * 1000);
/** Fine enough to find a scene in, whatever the length. */
const usualTiles = 400;
/** On request: an hour by the second. */
const mostTiles = 4000;
const longestSideOfTile = 160;

/** Where in time a timeline's tiles are. They keep their places while a window moves over them. */
export interface StoryboardLayout {
  readonly intervalMs: number;
  /** Tile `n` begins at `n * intervalMs`, in the timeline's own positions. The last is not included. */
  readonly firstTile: number;
  readonly endTile: number;
  /** Pixels of one tile, even numbers. */
  readonly width: number;
  readonly height: number;
}

/** A whole number of seconds, as in `?interval=`; undefined when it is none. */
export function parseInterval(asked: string | null): number | 'usual' | undefined {
  if (asked === null) return 'usual';
  return /^\d{1,4}$/.test(asked) && Number(asked) > 0 ? Number(asked) * 1000 : undefined;
}

/** A broadcast begins with the finest; the few times that its length asks for the next one, its tiles are made anew. */
export function chooseInterval(asked: number | 'usual', lengthMs: number): number {
  const fits = (tiles: number) => intervalsMs.find((intervalMs) => lengthMs / intervalMs <= tiles);
  const coarsest = intervalsMs.at(-1)!;
  if (asked === 'usual') {
    // Key frames are seldom closer than two seconds.
    return Math.max(2000, fits(usualTiles) ?? coarsest);
  }
  return Math.max(intervalsMs.find((intervalMs) => intervalMs >= asked) ?? coarsest, fits(mostTiles) ?? coarsest);
}

export function layOut(
  { startMs, endMs }: Extent,
  intervalMs: number,
  picture: { readonly width: number; readonly height: number },
): StoryboardLayout {
  const scale = longestSideOfTile / Math.max(picture.width, picture.height);
  const even = (pixels: number) => Math.max(2, 2 * Math.round((pixels * scale) / 2));
  const firstTile = Math.floor(startMs / intervalMs);
  return {
    intervalMs,
    firstTile,
    endTile: Math.max(firstTile + 1, Math.ceil(endMs / intervalMs)),
    width: even(picture.width),
    height: even(picture.height),
  };
}

/** The tiles of a sheet that are within the layout, `end` not included; undefined where there are none. */
export function tilesOf(layout: StoryboardLayout, sheet: number): { first: number; end: number } | undefined {
  const first = Math.max(layout.firstTile, sheet * tilesPerSheet);
  const end = Math.min(layout.endTile, (sheet + 1) * tilesPerSheet);
  return first < end ? { first, end } : undefined;
}

/** Pixels from the sheet's top left corner. */
export function placeOf(layout: StoryboardLayout, tile: number): { x: number; y: number } {
  const place = tile % tilesPerSheet;
  return { x: (place % columns) * layout.width, y: Math.floor(place / columns) * layout.height };
}
