import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { CutPoint } from './cutPoint.ts';
import { isLost } from './missingMedia.ts';

/**
 * Segments begin where pictures do, and frames of sound a little earlier or later. Nor does a decoder have the whole of the
 * first frame of sound that it is given. So to begin between two segments is to begin within the second, if it has sound.
 */
export function beginWithSound(timeline: TimelineReader, point: CutPoint): CutPoint {
  const [before, after] = [timeline.segment(point.sequence - 1), timeline.segment(point.sequence)];
  if (!point.isBoundary || !before || !after || !isSameMedia(before, after)) return point;
  return soundOf(timeline, after).length > 0 ? { ...point, isBoundary: false } : point;
}

/** To end between two segments is to end within the first, unless its sound happens to end there. */
export function endWithSound(timeline: TimelineReader, point: CutPoint): CutPoint {
  const [before, after] = [timeline.segment(point.sequence - 1), timeline.segment(point.sequence)];
  // What is live goes on, though no more of it is stored yet.
  if (!point.isBoundary || !before || !(after ? isSameMedia(before, after) : !timeline.ended)) return point;
  const ends = soundOf(timeline, before).every(
    ({ timescale, endTicks }) => endTicks === Math.round((point.atMs * timescale) / 1000),
  );
  return ends ? point : { sequence: before.sequence, atMs: point.atMs, isBoundary: false };
}

/** Nothing but a boundary parts them. */
function isSameMedia(before: Segment, after: Segment): boolean {
  return before.period === after.period && !isLost(before) && !isLost(after);
}

/** When each track of sound ends within a segment. */
function soundOf(timeline: TimelineReader, { period, tracks }: Segment) {
  const known = timeline.periods.find(({ index }) => index === period)?.tracks ?? [];
  return known.flatMap((track) => {
    if (track.kind !== 'audio' || !Object.hasOwn(tracks, track.id)) return [];
    const { startTicks, durationTicks } = tracks[track.id]!;
    return { timescale: track.timescale, endTicks: startTicks + durationTicks };
  });
}
