import { refuse, type Refusal } from '../../errors.ts';
import type { Segment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/segmentStore.ts';
import type { Media } from '../packager.ts';
import { parseMediaPath, timelineTag } from './mediaPath.ts';

/** How far a track's media may begin before its segment's start: one long audio frame. */
const toleranceMs = 100;

/** The stored CMAF bytes that a media path names, the same for every format that plays CMAF. */
export function cmafMedia(timeline: TimelineReader, path: string): Media | Refusal {
  const asked = parseMediaPath(path);
  if (!asked) return refuse('notFound');
  if (asked.tag !== timelineTag(timeline)) return refuse('segmentNotFound');
  const { trackId } = asked;
  if (asked.type === 'init') {
    const track = trackOf(timeline, asked.period, trackId);
    return track ? found(track, timeline.init(asked.period, trackId)) : refuse('trackNotFound');
  }
  const segment =
    asked.type === 'sequence'
      ? timeline.segment(asked.sequence)
      : segmentAt(timeline, asked.period, trackId, asked.startTicks);
  if (!segment) return refuse('segmentNotFound');
  const track = trackOf(timeline, segment.period, trackId);
  return track ? found(track, timeline.media(segment.sequence, trackId)) : refuse('trackNotFound');
}

function found(track: Track, bytes: Media['bytes'] | undefined): Media | Refusal {
  return bytes ? { bytes, contentType: `${track.kind}/mp4` } : refuse('segmentNotFound');
}

function trackOf(timeline: TimelineReader, periodIndex: number, trackId: string): Track | undefined {
  const period = timeline.periods.find(({ index }) => index === periodIndex);
  return period?.tracks.find(({ id }) => id === trackId);
}

function segmentAt(timeline: TimelineReader, period: number, trackId: string, startTicks: number): Segment | undefined {
  const track = trackOf(timeline, period, trackId);
  if (!track) return undefined;
  const { segments } = timeline;
  const positionMs = (startTicks / track.timescale) * 1000;
  for (let index = lastStartingBefore(segments, positionMs + toleranceMs); index >= 0; index--) {
    const segment = segments[index]!;
    if (segment.startMs + segment.durationMs + toleranceMs < positionMs) return undefined;
    if (segment.period === period && segment.tracks[trackId]?.startTicks === startTicks) return segment;
  }
  return undefined;
}

/** Index of the last segment that starts at or before the position; -1 for none. */
function lastStartingBefore(segments: readonly Segment[], positionMs: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (segments[middle]!.startMs <= positionMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
