import { shifted, type MadeTrack } from './cmaf.fixture.ts';
import type { PeriodWriter, TimelineWriter } from './segmentStore.ts';
import type { TimelineReader } from './timelineReader.ts';

export interface MadeMedia {
  readonly v0: MadeTrack;
  readonly a0: MadeTrack;
}

export function startPeriod({ v0, a0 }: MadeMedia, writer: TimelineWriter, startMs: number): Promise<PeriodWriter> {
  return writer.startPeriod({ startMs, tracks: [v0.track, a0.track] });
}

/** Writes the made media (8 s) from `startMs` on, over and over, as segments of 2 s; four fragments each. */
export async function writeSegments(
  { v0, a0 }: MadeMedia,
  period: PeriodWriter,
  startMs: number,
  count: number,
  epochMs: number,
): Promise<void> {
  for (let index = 0; index < count; index++) {
    const at = startMs + index * 2000;
    const segment = period.openSegment({ startMs: at, wallClockMs: epochMs + at });
    for (const { track, fragments } of [v0, a0]) {
      const repeat = Math.floor(index / 4) * 8 * track.timescale;
      for (const fragment of fragments.slice((index % 4) * 4, (index % 4) * 4 + 4))
        segment.append(track.id, shifted(fragment, (startMs * track.timescale) / 1000 + repeat));
    }
    await segment.complete();
  }
}

/** A track as one file, as a player puts it together. */
export async function trackBytes(timeline: TimelineReader, period: number, trackId: string): Promise<Buffer> {
  const parts = [timeline.init(period, trackId)!];
  for (const { sequence, tracks, period: own } of timeline.segments)
    if (own === period && tracks[trackId]) parts.push(timeline.media(sequence, trackId)!);
  return Buffer.concat(await Promise.all(parts.map((part) => part.buffer())));
}
