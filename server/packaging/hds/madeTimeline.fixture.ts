import { madeFragment, madeInit, type MadeSample } from '../../media/mp4/madeMp4.fixture.ts';
import type { AudioTrack, Track, VideoTrack } from '../../media/track.ts';
import type { MemoryTimeline, SegmentToAdd, TrackMedia } from '../memoryTimeline.fixture.ts';

export function withInit<T extends AudioTrack | VideoTrack>(track: T): T & { readonly init: Buffer } {
  return { ...track, init: Buffer.from(madeInit(track.kind, track.timescale)) };
}

/** What a track has of a segment: one CMAF fragment for each list of samples. */
export function madeMedia(startTicks: number, ...fragments: readonly (readonly MadeSample[])[]): TrackMedia {
  let offset = 0;
  let decodeTicks = startTicks;
  const made = fragments.map((samples) => {
    const data = Buffer.from(madeFragment(decodeTicks, samples));
    const durationTicks = samples.reduce((sum, sample) => sum + sample.durationTicks, 0);
    const placed = { startTicks: decodeTicks, durationTicks, offset, bytes: data.length, independent: true };
    offset += data.length;
    decodeTicks += durationTicks;
    return { data, placed };
  });
  return {
    startTicks,
    durationTicks: decodeTicks - startTicks,
    fragments: made.map(({ placed }) => placed),
    media: Buffer.concat(made.map(({ data }) => data)),
  };
}

/** A segment of 2 s with one sample per second on each of the tracks, whose media says track and second. */
export function madeSegment(startMs: number, tracks: readonly Track[]): SegmentToAdd {
  const media = tracks.map(({ id, timescale }) => {
    const sample = (second: number) => ({ durationTicks: timescale, media: [...Buffer.from(`${id} ${second}`)] });
    const start = startMs / 1000;
    return [id, madeMedia(start * timescale, [sample(start)], [sample(start + 1)])] as const;
  });
  return { startMs, durationMs: 2000, tracks: Object.fromEntries(media) };
}

export function addMadeSegments(
  timeline: MemoryTimeline,
  count: number,
  startMs: number,
  tracks: readonly Track[],
): void {
  for (let index = 0; index < count; index++) timeline.add(madeSegment(startMs + index * 2000, tracks));
}
