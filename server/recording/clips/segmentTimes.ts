import type { Segment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';

/** The first video track decides where frames are, as it does for segments; the sound where there is no picture. */
export function referenceTrack(tracks: readonly Track[]): Track | undefined {
  const byId = tracks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return byId.find(({ kind }) => kind === 'video') ?? byId.find(({ kind }) => kind === 'audio');
}

/** Exactly where the reference track of a stored segment begins and ends, in ms since the epoch. */
export function segmentTimes(timeline: TimelineReader, segment: Segment): { startMs: number; endMs: number } {
  const tracks = timeline.periods.find(({ index }) => index === segment.period)?.tracks ?? [];
  const reference = referenceTrack(tracks.filter(({ id }) => Object.hasOwn(segment.tracks, id)));
  if (!reference) return { startMs: segment.startMs, endMs: segment.startMs + segment.durationMs };
  const { startTicks, durationTicks } = segment.tracks[reference.id]!;
  const { timescale } = reference;
  return { startMs: (startTicks * 1000) / timescale, endMs: ((startTicks + durationTicks) * 1000) / timescale };
}
