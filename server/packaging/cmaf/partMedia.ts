import { refuse, type Refusal } from '../../errors.ts';
import type { StoredBytes, TimelineReader } from '../../segments/timelineReader.ts';
import type { Answer, Media } from '../packager.ts';
import { longestWaitMs, whenGrown } from '../whenGrown.ts';
import { timelineTag } from './mediaPath.ts';
import { parsePartPath, type PartAddress } from './partPath.ts';
import { findPart } from './parts.ts';

/** In target durations: parts are listed for three of them, and some clients are late (RFC 8216bis, Appendix B.1). */
const keptTargetDurations = 6;

/** The part that a path names, waited for while it is the next one (RFC 8216bis 6.2.6). */
export function partMedia(timeline: TimelineReader, path: string, signal: AbortSignal | undefined): Answer<Media> {
  const asked = parsePartPath(path);
  if (!asked) return refuse('notFound');
  if (asked.tag !== timelineTag(timeline)) return refuse('segmentNotFound');
  const found = findPart(timeline, asked);
  return found === 'later' ? nextPart(timeline, asked, signal) : toMedia(timeline, asked, found);
}

async function nextPart(
  timeline: TimelineReader,
  asked: PartAddress,
  signal: AbortSignal | undefined,
): Promise<Media | Refusal> {
  const patience = { withinMs: longestWaitMs(timeline), signal };
  await whenGrown(timeline, () => findPart(timeline, asked) !== 'later', patience);
  const found = findPart(timeline, asked);
  return found === 'later' ? refuse('notYetAvailable') : toMedia(timeline, asked, found);
}

function toMedia(
  { targetDurationSeconds }: TimelineReader,
  { trackId }: PartAddress,
  bytes: StoredBytes | undefined,
): Media | Refusal {
  if (!bytes) return refuse('segmentNotFound');
  const maxAgeSeconds = keptTargetDurations * Math.max(1, targetDurationSeconds);
  return { bytes, contentType: trackId.startsWith('a') ? 'audio/mp4' : 'video/mp4', maxAgeSeconds };
}
