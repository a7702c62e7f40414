import { readInit } from '../../media/mp4/initSegment.ts';
import { readFragment } from '../../media/mp4/mediaFragment.ts';
import { writeFragment } from '../../media/mp4/writeFragment.ts';
import type { Fragment } from '../../media/timeline.ts';
import type { VideoTrack } from '../../media/track.ts';
import { isMissingFile } from '../../missingFile.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { chooseRendition } from './chooseRendition.ts';
import { keyFrameAt } from './frame.ts';
import type { StoryboardLayout } from './storyboardLayout.ts';
import { coveringIndex, stretchOf, type Stretch } from './stretch.ts';

/** Where the key frame of a tile is stored. */
interface TileFrame {
  readonly tile: number;
  readonly stretch: Stretch;
  readonly track: VideoTrack;
  readonly index: number;
}

/** Key frames that one ffmpeg can decode, as MP4 with nothing but them. */
export interface TileRun {
  readonly tiles: readonly number[];
  readonly init: Buffer;
  /** One fragment for each tile. */
  readonly frames: readonly Buffer[];
}

/** The key frames for the tiles `[first, end)`, grouped by what they are decoded with. */
export async function readTileRuns(
  timeline: TimelineReader,
  layout: StoryboardLayout,
  first: number,
  end: number,
): Promise<TileRun[]> {
  const runs: { init: Buffer; tiles: number[]; frames: Buffer[]; group: string }[] = [];
  for (let tile = first; tile < end; tile++) {
    const found = findTileFrame(timeline, layout, tile);
    const read = found && (await readTileFrame(timeline, found, tile - first));
    if (!read) continue;
    const group = `${found.stretch.period.index} ${found.track.id}`;
    const last = runs.at(-1);
    const run = last?.group === group ? last : { init: read.init, tiles: [], frames: [], group };
    if (run !== last) runs.push(run);
    run.tiles.push(tile);
    run.frames.push(read.frame);
  }
  return runs;
}

/** The first key frame within the tile's time, or the last before it. */
function findTileFrame(timeline: TimelineReader, layout: StoryboardLayout, tile: number): TileFrame | undefined {
  const { segments } = timeline;
  const fromMs = tile * layout.intervalMs;
  const toMs = fromMs + layout.intervalMs;
  const first = coveringIndex(segments, fromMs);
  if (first === undefined) return undefined;
  let before: TileFrame | undefined;
  for (let at = first; at < segments.length && segments[at]!.startMs < toMs; at++) {
    const stretch = stretchOf(timeline, segments[at]!);
    const track = stretch && chooseRendition(stretch, layout.width);
    if (!track) continue;
    const startMs = ({ startTicks }: Fragment) => (startTicks * 1000) / track.timescale;
    const fragments = stretch.fragments(track.id);
    const index = fragments.findIndex((fragment) => fragment.independent && startMs(fragment) > fromMs - 1);
    if (index >= 0 && startMs(fragments[index]!) < toMs) return { tile, stretch, track, index };
    const last = keyFrameAt(stretch, track, fromMs);
    if (last) before ??= { tile, stretch, track, index: last.index };
  }
  return before;
}

async function readTileFrame(
  timeline: TimelineReader,
  { stretch, track, index }: TileFrame,
  order: number,
): Promise<{ init: Buffer; frame: Buffer } | undefined> {
  try {
    const initBytes = await timeline.init(stretch.period.index, track.id)?.buffer();
    const data = await timeline.fragment(stretch.sequence, track.id, index)?.buffer();
    if (!initBytes || !data) return undefined;
    const init = readInit(initBytes);
    const sample = readFragment(data, init).samples[0]!;
    const frame = writeFragment(init.trackId, order * init.timescale, [
      {
        data: data.subarray(sample.offset, sample.offset + sample.bytes),
        durationTicks: init.timescale,
        compositionTicks: 0,
        sync: true,
      },
    ]);
    return { init: initBytes, frame: Buffer.from(frame.buffer) };
  } catch (error) {
    // Evicted while it was being read: this tile stays empty.
    if (isMissingFile(error)) return undefined;
    throw error;
  }
}
