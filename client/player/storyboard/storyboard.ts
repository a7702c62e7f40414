/** A small picture of a stretch of time. */
export interface Tile {
  /** From the start of what the entry plays. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly wallClockMs: number;
  /** Of the sheet, with `#xywh=` for the tile's place on it. */
  readonly url: string;
}

const cuePattern = /^(\d+)\n([\d:.]+) --> ([\d:.]+)\n(\S+#xywh=\d+,\d+,\d+,\d+)$/;

/** Reads the server's storyboard; what is not a tile is left out. */
export function parseStoryboard(text: string, address: string): Tile[] {
  return text
    .trim()
    .split('\n\n')
    .flatMap((cue) => {
      const [, wallClock, start = '', end = '', url = ''] = cuePattern.exec(cue) ?? [];
      if (wallClock === undefined) return [];
      return {
        startSeconds: seconds(start),
        endSeconds: seconds(end),
        wallClockMs: Number(wallClock),
        url: new URL(url, address).href,
      };
    });
}

/** The tile a viewer who points at a place should see: by its wall clock where that is known, else by its time. */
export function findTile(
  tiles: readonly Tile[],
  at: { readonly wallClockMs: number | undefined; readonly seconds: number },
): Tile | undefined {
  const distance = ({ startSeconds, endSeconds, wallClockMs }: Tile): number => {
    const into = at.wallClockMs === undefined ? at.seconds - startSeconds : (at.wallClockMs - wallClockMs) / 1000;
    return Math.max(0, -into, into - (endSeconds - startSeconds));
  };
  let nearest: { tile: Tile; distance: number } | undefined;
  for (const tile of tiles) {
    const from = distance(tile);
    // Of those that touch, the later one begins where the earlier one ends.
    if (!nearest || from < nearest.distance || (from === 0 && nearest.distance === 0)) {
      nearest = { tile, distance: from };
    }
  }
  return nearest && nearest.distance <= farthestSeconds ? nearest.tile : undefined;
}

/** At the live edge there is a little more than there are tiles for. */
const farthestSeconds = 15;

function seconds(timestamp: string): number {
  return timestamp.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}
