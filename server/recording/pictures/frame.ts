import { readInit } from '../../media/mp4/initSegment.ts';
import { readFragment } from '../../media/mp4/mediaFragment.ts';
import type { VideoTrack } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { Stretch } from './stretch.ts';

/** Positions are whole milliseconds, and a frame begins somewhere in its own. */
const roundingMs = 1;

/** Frames are stored no further before their turn: H.264 holds back sixteen at most. */
const reorderingSeconds = 1;

/** What has to be decoded for one frame. */
export interface CodedFrame {
  /** The init segment and the fragments from the key frame before. */
  readonly bytes: Buffer;
  /** Presentation time, in the track's timescale. */
  readonly ticks: number;
}

/** The frame that is on the screen at a position, or the first of the stretch. Undefined when its media are gone. */
export async function readFrame(
  timeline: TimelineReader,
  stretch: Stretch,
  track: VideoTrack,
  positionMs: number,
): Promise<CodedFrame | undefined> {
  const untilTicks = ((positionMs + roundingMs) * track.timescale) / 1000;
  const fragments = stretch.fragments(track.id);
  const first = Math.max(
    0,
    fragments.findLastIndex(({ independent, startTicks }) => independent && startTicks < untilTicks),
  );
  // Reordered frames may be shown before the ones that precede them in the file: hence some more.
  const aheadTicks = untilTicks + reorderingSeconds * track.timescale;
  const last = Math.max(
    first,
    fragments.findLastIndex(({ startTicks }) => startTicks < aheadTicks),
  );
  const initBytes = await timeline.init(stretch.period.index, track.id)?.buffer();
  if (!initBytes) return undefined;
  const init = readInit(initBytes);
  const media: { data: Buffer; presentedTicks: number[] }[] = [];
  for (const index of fragments.slice(first, last + 1).keys()) {
    const data = await timeline.fragment(stretch.sequence, track.id, first + index)?.buffer();
    if (!data) break;
    const { samples } = readFragment(data, init);
    media.push({ data, presentedTicks: samples.map((sample) => sample.decodeTicks + sample.compositionTicks) });
  }
  const all = media.flatMap(({ presentedTicks }) => presentedTicks);
  if (all.length === 0) return undefined;
  const shown = all.filter((ticks) => ticks < untilTicks);
  const ticks = shown.length > 0 ? Math.max(...shown) : Math.min(...all);
  const holder = media.findIndex(({ presentedTicks }) => presentedTicks.includes(ticks));
  return { bytes: Buffer.concat([initBytes, ...media.slice(0, holder + 1).map(({ data }) => data)]), ticks };
}

/** The last key frame of the stretch at or before a position, or its first: cheap to decode. */
export function keyFrameAt(
  stretch: Stretch,
  track: VideoTrack,
  positionMs: number,
): { readonly index: number; readonly startMs: number } | undefined {
  const fragments = stretch.fragments(track.id);
  const untilTicks = ((positionMs + roundingMs) * track.timescale) / 1000;
  const before = fragments.findLastIndex(({ independent, startTicks }) => independent && startTicks < untilTicks);
  const index = before >= 0 ? before : fragments.findIndex(({ independent }) => independent);
  const fragment = fragments[index];
  return fragment && { index, startMs: (fragment.startTicks * 1000) / track.timescale };
}
