import { isRefusal, refuse, type Refusal } from '../../errors.ts';
import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import type { MadeMedia } from '../madeMedia.ts';
import type { Media } from '../packager.ts';
import type { SeenTracks } from '../seenTracks.ts';
import { findFragment, type FoundFragment } from './findFragment.ts';
import { parseFragmentPath } from './fragmentPath.ts';
import { fragmentTracks } from './fragmentTracks.ts';
import { hdsFragment } from './segment.ts';
import type { StoredPart } from './trackFrames.ts';

const contentType = 'video/f4f';

/** The fragment that a path names, made of what is stored. */
export async function fragmentMedia(
  timeline: TimelineReader,
  path: string,
  seen: SeenTracks,
  made: MadeMedia,
): Promise<Media | Refusal> {
  const asked = parseFragmentPath(path);
  if (!asked) return refuse('notFound');
  if (asked.tag !== timelineTag(timeline)) return refuse('segmentNotFound');
  const wanted = seen.get(asked.trackId);
  if (!wanted) return refuse('trackNotFound');
  const found = findFragment(timeline, asked.number);
  const trackIds = found && fragmentTracks(timeline, seen, found.segment, wanted);
  if (!trackIds) return refuse('segmentNotFound');
  const key = [timeline.id, asked.number, ...trackIds].join('/');
  const bytes = await made.of(key, () => makeFragment(timeline, found, asked.number, trackIds));
  return isRefusal(bytes) ? bytes : { bytes, contentType };
}

async function makeFragment(
  timeline: TimelineReader,
  { segment, empty }: FoundFragment,
  number: number,
  trackIds: readonly string[],
): Promise<Buffer | Refusal> {
  const parts = await Promise.all(trackIds.map((trackId) => readPart(timeline, segment, trackId, empty)));
  if (!parts.every((part) => part !== undefined)) return refuse('segmentNotFound');
  return hdsFragment({ number, startMs: segment.startMs, parts });
}

/** Undefined when it is not stored any more. What has no media still has its configuration. */
async function readPart(
  timeline: TimelineReader,
  segment: Segment,
  trackId: string,
  empty: boolean,
): Promise<StoredPart | undefined> {
  const init = timeline.init(segment.period, trackId);
  if (!init) return undefined;
  const track = empty ? undefined : segment.tracks[trackId];
  if (!track) return { init: await init.buffer(), media: Buffer.alloc(0), fragments: [] };
  const media = timeline.media(segment.sequence, trackId);
  if (!media) return undefined;
  const [initBytes, mediaBytes] = await Promise.all([init.buffer(), media.buffer()]);
  return { init: initBytes, media: mediaBytes, fragments: track.fragments };
}
