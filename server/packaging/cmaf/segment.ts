import { refuse, type Refusal } from '../../errors.ts';
import type { Segment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { GrowingSegment, TimelineReader } from '../../segments/timelineReader.ts';
import type { Answer, Media, UnfinishedMedia } from '../packager.ts';
import { longestWaitMs, whenGrown } from '../whenGrown.ts';
import { parseMediaPath, timelineTag } from './mediaPath.ts';

/** How far a track's media may begin before its segment's start: one long audio frame. */
const toleranceMs = 100;
/** How many segments that have just left the window are looked through. */
const mostLeftSegments = 200;

type AskedMedia = Exclude<ReturnType<typeof parseMediaPath>, undefined | { type: 'init' }>;

/**
 * The CMAF bytes that a media path names, the same for every format that plays CMAF: as they come while the segment is
 * being written. A segment that is about to begin is waited for, since players' clocks differ.
 */
export function cmafMedia(
  timeline: TimelineReader,
  path: string,
  signal?: AbortSignal,
): Answer<Media | UnfinishedMedia> {
  const asked = parseMediaPath(path);
  if (!asked) return refuse('notFound');
  if (asked.tag !== timelineTag(timeline)) return refuse('segmentNotFound');
  if (asked.type === 'init') {
    const bytes = timeline.init(asked.period, asked.trackId);
    return bytes ? { bytes, contentType: contentTypeOf(asked.trackId) } : refuse('trackNotFound');
  }
  const media = findMedia(timeline, asked);
  if (media) return media;
  return isAboutToBegin(timeline, asked) ? beginningMedia(timeline, asked, signal) : refuse('segmentNotFound');
}

async function beginningMedia(
  timeline: TimelineReader,
  asked: AskedMedia,
  signal: AbortSignal | undefined,
): Promise<Media | UnfinishedMedia | Refusal> {
  const isDecided = () => hasMedia(timeline, asked) || !isAboutToBegin(timeline, asked);
  await whenGrown(timeline, isDecided, { withinMs: longestWaitMs(timeline), signal });
  return (signal?.aborted ? undefined : findMedia(timeline, asked)) ?? refuse('segmentNotFound');
}

function findMedia(timeline: TimelineReader, asked: AskedMedia): Media | UnfinishedMedia | undefined {
  const { trackId } = asked;
  const contentType = contentTypeOf(trackId);
  const segment = storedSegment(timeline, asked);
  const bytes = segment && timeline.media(segment.sequence, trackId);
  if (bytes) return { bytes, contentType };
  const growing = segment ? undefined : growingSegment(timeline, asked);
  const following = growing && timeline.follow(growing.sequence, trackId);
  return following && { following, contentType };
}

function hasMedia(timeline: TimelineReader, asked: AskedMedia): boolean {
  return storedSegment(timeline, asked) !== undefined || growingSegment(timeline, asked) !== undefined;
}

function storedSegment(timeline: TimelineReader, asked: AskedMedia): Segment | undefined {
  if (asked.type === 'sequence') return timeline.segment(asked.sequence);
  return segmentAt(timeline, asked.period, asked.trackId, asked.startTicks);
}

/** One that has the first bytes of the track. */
function growingSegment({ growing }: TimelineReader, asked: AskedMedia): GrowingSegment | undefined {
  return growing.find(({ sequence, period, fragments }) => {
    const first = fragments.get(asked.trackId)?.[0];
    if (!first) return false;
    if (asked.type === 'sequence') return sequence === asked.sequence;
    return period.index === asked.period && first.startTicks === asked.startTicks;
  });
}

/** Whether it may still come: what has begun without the track, or the segment after all that has begun. */
function isAboutToBegin(timeline: TimelineReader, asked: AskedMedia): boolean {
  const { ended, growing, segments, periods, targetDurationSeconds } = timeline;
  const newest = growing.at(-1) ?? segments.at(-1);
  const period = growing.at(-1)?.period ?? periods.at(-1);
  const track = period?.tracks.find(({ id }) => id === asked.trackId);
  if (ended || !newest || !track) return false;
  if (asked.type === 'sequence') {
    const isEmpty = ({ sequence, fragments }: GrowingSegment) =>
      sequence === asked.sequence && !fragments.has(asked.trackId);
    return asked.sequence === newest.sequence + 1 || growing.some(isEmpty);
  }
  const aheadMs = (asked.startTicks * 1000) / track.timescale - knownEndMs(timeline, track);
  return (
    asked.period === period?.index &&
    aheadMs >= -toleranceMs &&
    aheadMs <= Math.max(1, targetDurationSeconds) * 1000 + toleranceMs
  );
}

/** Where the track's media ends so far. */
function knownEndMs({ growing, segments }: TimelineReader, { id, timescale }: Track): number {
  const begun = growing.findLast(({ fragments }) => fragments.has(id));
  const last = begun?.fragments.get(id)?.at(-1);
  if (last) return ((last.startTicks + last.durationTicks) * 1000) / timescale;
  const segment = segments.at(-1);
  return segment ? segment.startMs + segment.durationMs : (growing[0]?.startMs ?? 0);
}

/** By the id, for a store may give out media whose period has left the window and is not described any more. */
function contentTypeOf(trackId: string): string {
  if (trackId.startsWith('t')) return 'application/mp4';
  return trackId.startsWith('a') ? 'audio/mp4' : 'video/mp4';
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
