import type { Track } from '../media/track.ts';
import { joinFragments } from './packTracks.ts';
import type { MediaFiles, StoredPeriod } from './storedPeriod.ts';
import type { NewSegment } from './storedSegment.ts';
import { Timeline, type TimelineOrigin } from './timeline.ts';

const video: Track = {
  kind: 'video',
  id: 'v0',
  codec: 'avc1.64001f',
  timescale: 1000,
  bitrateBps: 1_000_000,
  width: 640,
  height: 360,
  frameRate: 30,
};

const noFiles: MediaFiles = {
  init: () => {
    throw new Error('no files here');
  },
  media: () => {
    throw new Error('no files here');
  },
};

export function madeTimeline(
  origin: Partial<TimelineOrigin> = {},
  onListenerError: (error: unknown) => void = () => {},
) {
  const defaults: TimelineOrigin = {
    id: 'timeline',
    entryId: '0_entry001',
    epochMs: 1_000_000,
    windowSeconds: 60,
    firstSequence: 0,
    sequenceFloor: 0,
    periodFloor: 0,
    targetDurationSeconds: 1,
    endedAtMs: undefined,
    version: 1,
    mediaBytes: 0,
  };
  return new Timeline({ ...defaults, ...origin }, noFiles, onListenerError);
}

export function madePeriod(folder: number, startMs = 0): StoredPeriod {
  return { folder, startMs, tracks: [video], initBytes: { v0: 700 } };
}

/** One fragment of video; its wall clock follows from its position. */
export function madeSegment(startMs: number, durationMs: number, epochMs = 1_000_000): NewSegment {
  const fragment = { startTicks: startMs, durationTicks: durationMs, offset: 0, bytes: 100, independent: true };
  return { startMs, durationMs, wallClockMs: epochMs + startMs, tracks: { v0: joinFragments([fragment]) } };
}
