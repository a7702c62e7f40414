import { writeFragment } from '../../media/mp4/writeFragment.ts';
import { writeTextInit } from '../../media/mp4/writeTextInit.ts';
import type { SegmentToAdd } from '../../packaging/memoryTimeline.fixture.ts';
import { v0 } from '../../packaging/tracks.fixture.ts';

/** A picture that nothing is known of but when its frames are shown. Of an init segment, only the ids and the timescale are read. */
export const timedTrack = { ...v0, frameRate: 0, init: Buffer.from(writeTextInit(v0.timescale, 'en')) };

/** A segment of it: how many ticks each frame lasts. */
export function timedSegment(startMs: number, frameTicks: readonly number[]): SegmentToAdd {
  const startTicks = (startMs * v0.timescale) / 1000;
  const durationTicks = frameTicks.reduce((sum, ticks) => sum + ticks, 0);
  const samples = frameTicks.map((ticks, index) => {
    return { data: Buffer.alloc(4, index), durationTicks: ticks, compositionTicks: 0, sync: index === 0 };
  });
  const media = Buffer.from(writeFragment(1, startTicks, samples));
  const track = { startTicks, durationTicks, independent: true, media };
  return { startMs, durationMs: (durationTicks * 1000) / v0.timescale, tracks: { [timedTrack.id]: track } };
}
