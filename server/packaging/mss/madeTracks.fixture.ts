import { madeFragment, madeInit } from '../../media/mp4/madeMp4.fixture.ts';
import type { AudioTrack, VideoTrack } from '../../media/track.ts';
import type { TrackMedia } from '../memoryTimeline.fixture.ts';
import { a0, v0, v1, v2 } from '../tracks.fixture.ts';

function withInit<T extends AudioTrack | VideoTrack>(track: T): T & { readonly init: Buffer } {
  return { ...track, init: Buffer.from(madeInit(track.kind, track.timescale)) };
}

/** Tracks whose init segments can be read. */
export const madeTracks = { v0: withInit(v0), v1: withInit(v1), v2: withInit(v2), a0: withInit(a0) };

/** Media of four samples. */
export function madeMedia(startTicks: number, durationTicks: number): TrackMedia {
  const quarter = Math.floor(durationTicks / 4);
  const durations = [quarter, quarter, quarter, durationTicks - 3 * quarter];
  const media = Buffer.from(
    madeFragment(
      startTicks,
      durations.map((ticks, index) => ({ durationTicks: ticks, media: [0, 0, 0, 1, 0x65 + index], sync: index === 0 })),
    ),
  );
  return { startTicks, durationTicks, media };
}
