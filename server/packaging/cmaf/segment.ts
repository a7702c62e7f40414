import { refuse, type Refusal } from '../../errors.ts';
import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { Media } from '../packager.ts';
import { parseMediaPath, timelineTag } from './mediaPath.ts';

/** How far a track's media may begin before its segment's start: one long audio frame. */
const toleranceMs = 100;
/** How many segments that have just left the window are looked through. */
const mostLeftSegments = 200;

/** The stored CMAF bytes that a media path names, the same for every format that plays CMAF. */
export function cmafMedia(timeline: TimelineReader, path: string): Media | Refusal {
  const asked = parseMediaPath(path);
  if (!asked) return refuse('notFound');
  if (asked.tag !== timelineTag(timeline)) return refuse('segmentNotFound');
  const { trackId } = asked;
  if (asked.type === 'init') return found(trackId, timeline.init(asked.period, trackId), 'trackNotFound');
  const segment =
    asked.type === 'sequence'
      ? timeline.segment(asked.sequence)
      : segmentAt(timeline, asked.period, trackId, asked.startTicks);
  return found(trackId, segment && timeline.media(segment.sequence, trackId), 'segmentNotFound');
}

function found(
  trackId: string,
  bytes: Media['bytes'] | undefined,
  otherwise: 'trackNotFound' | 'segmentNotFound',
): Media | Refusal {
  // By the id, for a store may give out media whose period has left the window and is not described any more.
  return bytes ? { bytes, contentType: trackId.startsWith('a') ? 'audio/mp4' : 'video/mp4' } : refuse(otherwise);
}

function segmentAt(timeline: TimelineReader, period: number, trackId: string, startTicks: number): Segment | undefined {
  const isIt = (segment: Segment) =>
    segment.period === period &&
    Object.hasOwn(segment.tracks, trackId) &&
    segment.tracks[trackId]!.startTicks === startTicks;
  return inWindow(timeline, period, trackId, startTicks, isIt) ?? beforeWindow(timeline, period, isIt);
}

function inWindow(
  { segments, periods }: TimelineReader,
  period: number,
  trackId: string,
  startTicks: number,
  isIt: (segment: Segment) => boolean,
): Segment | undefined {
  const track = periods.find(({ index }) => index === period)?.tracks.find(({ id }) => id === trackId);
  if (!track) return undefined;
  const positionMs = (startTicks / track.timescale) * 1000;
  for (let index = lastStartingBefore(segments, positionMs + toleranceMs); index >= 0; index--) {
    const segment = segments[index]!;
    if (isIt(segment)) return segment;
    if (segment.startMs + segment.durationMs + toleranceMs < positionMs) return undefined;
  }
  return undefined;
}

/** Players ask for what a manifest listed a moment ago; a store may still have it. */
function beforeWindow(
  timeline: TimelineReader,
  period: number,
  isIt: (segment: Segment) => boolean,
): Segment | undefined {
  const first = timeline.segments[0];
  if (!first || first.period < period) return undefined;
  for (let left = 1; left <= mostLeftSegments; left++) {
    const segment = timeline.segment(first.sequence - left);
    if (!segment || isIt(segment)) return segment;
  }
  return undefined;
}

/** Index of the last segment that starts at or before the position; -1 for none. */
export function lastStartingBefore(segments: readonly Segment[], positionMs: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (segments[middle]!.startMs <= positionMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
