import type { TrackSegment } from '../media/timeline.ts';
import type { Track } from '../media/track.ts';

/** Length of a segment: its reference track's, or the longest there is where that one was silent. */
export function segmentDurationMs(tracks: readonly Track[], parts: Readonly<Record<string, TrackSegment>>): number {
  const reference = referenceTrack(tracks, parts);
  if (reference) return durationMs(reference, parts);
  return Math.max(0, ...tracks.map((track) => durationMs(track, parts)));
}

/** The picture, or the sound when there is no picture: if the segment has it. */
export function referenceTrack(
  tracks: readonly Track[],
  parts: Readonly<Record<string, TrackSegment>>,
): Track | undefined {
  const reference = tracks.find(({ kind }) => kind === 'video') ?? tracks[0];
  return reference && parts[reference.id] ? reference : undefined;
}

function durationMs({ id, timescale }: Track, parts: Readonly<Record<string, TrackSegment>>): number {
  const part = parts[id];
  return part ? (part.durationTicks * 1000) / timescale : 0;
}
