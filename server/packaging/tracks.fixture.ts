import type { AudioTrack, VideoTrack } from '../media/track.ts';
import type { MemoryTimeline, SegmentToAdd } from './memoryTimeline.fixture.ts';

function video(id: string, height: number, bitrateBps: number): VideoTrack {
  const size = { width: (height * 16) / 9, height };
  return { kind: 'video', id, codec: 'avc1.64001f', timescale: 90_000, bitrateBps, frameRate: 30, ...size };
}

export const v0 = video('v0', 720, 3_000_000);
export const v1 = video('v1', 540, 1_400_000);
export const v2 = video('v2', 360, 800_000);
export const a0: AudioTrack = {
  kind: 'audio',
  id: 'a0',
  codec: 'mp4a.40.2',
  timescale: 48_000,
  bitrateBps: 128_000,
  sampleRate: 48_000,
  channels: 2,
};

/** A segment whose tracks fit its length to the tick. */
export function segmentOf(
  startMs: number,
  durationMs: number,
  tracks: readonly { id: string; timescale: number }[],
): SegmentToAdd {
  const ticks = (ms: number, timescale: number) => Math.round((ms * timescale) / 1000);
  return {
    startMs,
    durationMs,
    tracks: Object.fromEntries(
      tracks.map(({ id, timescale }) => [
        id,
        { startTicks: ticks(startMs, timescale), durationTicks: ticks(durationMs, timescale) },
      ]),
    ),
  };
}

/** Adds segments of 2 s back to back. */
export function addSegments(
  timeline: MemoryTimeline,
  count: number,
  startMs: number,
  tracks: readonly { id: string; timescale: number }[],
): void {
  for (let index = 0; index < count; index++) timeline.add(segmentOf(startMs + index * 2000, 2000, tracks));
}
