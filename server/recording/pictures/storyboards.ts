import { hash } from 'node:crypto';
import { isRefusal, refuse, type Refusal } from '../../errors.ts';
import type { VideoTrack } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { Picture } from './picture.ts';
import type { PictureMaker } from './pictureMaker.ts';
import type { PlayingTimelines } from './playingTimelines.ts';
import { makeSheet } from './sheet.ts';
import { chooseInterval, layOut, tilesOf, tilesPerSheet, type StoryboardLayout } from './storyboardLayout.ts';
import { writeStoryboard, type CoveredTime } from './storyboardText.ts';
import { coveringIndex, extentOf, type Extent } from './stretch.ts';
import { readTileRuns } from './tileFrames.ts';

export interface StoryboardRequest {
  readonly entryId: string;
  /** As `parseInterval` answers it. */
  readonly interval: number | 'usual';
}

/** Appended to the addresses of the sheets, without `?`. */
export type SheetQuery = string;

const liveMaxAgeSeconds = 4;
const endedMaxAgeSeconds = 60;
const lastingMaxAgeSeconds = 86_400;

/** Small pictures of an entry at even distances, on sheets, for scrubbing. Made of key frames, one sheet for each request. */
export class Storyboards {
  readonly #maker: PictureMaker;
  readonly #timelines: PlayingTimelines;

  constructor(parts: { maker: PictureMaker; timelines: PlayingTimelines }) {
    this.#maker = parts.maker;
    this.#timelines = parts.timelines;
  }

  /** The list of tiles; nothing is made for it. */
  async text({ entryId, interval }: StoryboardRequest, query: SheetQuery): Promise<Picture | Refusal> {
    const board = await this.#lay(entryId, interval);
    if (isRefusal(board)) return board;
    const { timeline, extent, layout } = board;
    const suffix = query === '' ? '' : `&${query}`;
    const text = writeStoryboard(
      layout,
      extent,
      (positionMs) => coveredTime(timeline, positionMs),
      (sheet, tiles) =>
        `storyboard-${sheet}.jpg?interval=${layout.intervalMs / 1000}&v=${sheetVersion(timeline, layout, tiles)}${suffix}`,
    );
    return {
      body: Buffer.from(text),
      contentType: 'text/vtt; charset=utf-8',
      tag: hash('sha256', text).slice(0, 32),
      maxAgeSeconds: timeline.ended ? endedMaxAgeSeconds : liveMaxAgeSeconds,
    };
  }

  /** `version`: of the list the address is from. */
  async sheet(
    { entryId, interval }: StoryboardRequest,
    number: number,
    version: string | null,
  ): Promise<Picture | Refusal> {
    const board = await this.#lay(entryId, interval);
    if (isRefusal(board)) return board;
    const { timeline, layout } = board;
    const tiles = tilesOf(layout, number);
    if (!tiles) return refuse('noPicture');
    const { intervalMs, width, height } = layout;
    const sheetTiles = tiles.end - number * tilesPerSheet;
    const isWhole = sheetTiles === tilesPerSheet;
    const isLasting = isWhole && version === sheetVersion(timeline, layout, sheetTiles);
    const made = await this.#maker.obtain({
      entryId: timeline.entryId,
      key: `sheet ${timeline.id} ${intervalMs} ${width}x${height} ${number} ${tiles.end}`,
      suffix: 'jpg',
      keep: isWhole || timeline.ended ? 'disk' : 'memory',
      make: async (run) => {
        const runs = await readTileRuns(timeline, layout, tiles.first, tiles.end);
        return runs.length === 0 ? undefined : await makeSheet(layout, runs, run);
      },
    });
    if (isRefusal(made)) return made;
    return {
      body: made.bytes,
      contentType: 'image/jpeg',
      tag: made.name,
      maxAgeSeconds: isLasting ? lastingMaxAgeSeconds : timeline.ended ? endedMaxAgeSeconds : liveMaxAgeSeconds,
    };
  }

  async #lay(
    entryId: string,
    interval: number | 'usual',
  ): Promise<{ timeline: TimelineReader; extent: Extent; layout: StoryboardLayout } | Refusal> {
    const timeline = await this.#timelines.playing(entryId);
    // Of complete segments alone, so that a tile never changes.
    const extent = timeline && extentOf({ segments: timeline.segments, growing: [] });
    const picture = timeline && latestPicture(timeline);
    if (!timeline || !extent || !picture) return refuse('noPicture');
    const intervalMs = chooseInterval(interval, extent.endMs - extent.startMs);
    return { timeline, extent, layout: layOut(extent, intervalMs, picture) };
  }
}

function latestPicture(timeline: TimelineReader): VideoTrack | undefined {
  return timeline.periods
    .toReversed()
    .flatMap(({ tracks }) => tracks)
    .find((track) => track.kind === 'video');
}

function coveredTime({ segments }: TimelineReader, positionMs: number): CoveredTime | undefined {
  const index = coveringIndex(segments, positionMs);
  const segment = index === undefined ? undefined : segments[index];
  return (
    segment && {
      startMs: segment.startMs,
      endMs: segment.startMs + segment.durationMs,
      wallClockMs: segment.wallClockMs,
    }
  );
}

/** Names what a sheet shows, so that caches may keep it. */
function sheetVersion({ id }: TimelineReader, { width, height }: StoryboardLayout, tiles: number): string {
  return `${hash('sha256', `${id} ${width}x${height}`).slice(0, 8)}.${tiles}`;
}
