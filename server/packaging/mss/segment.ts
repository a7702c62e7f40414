import { isRefusal, refuse, type Refusal } from '../../errors.ts';
import { writeSmoothFragment, type SmoothTime } from '../../media/mp4/smoothFragment.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import type { MadeMedia } from '../madeMedia.ts';
import type { Media } from '../packager.ts';
import { standInTrack } from './chunk.ts';
import { findChunk, type Chunk } from './findChunk.ts';
import { followingChunk } from './followingChunk.ts';
import type { KnownLevels } from './knownLevels.ts';
import { parseFragmentPath, type FragmentPath } from './mediaPath.ts';
import { levelTrackNumber } from './qualityLevel.ts';
import { smoothSamples } from './samples.ts';
import type { TrackInits } from './trackInits.ts';

/** What fragments of a timeline are made with. */
export interface FragmentSource {
  readonly timeline: TimelineReader;
  readonly inits: TrackInits;
  readonly levels: KnownLevels;
}

/** The fragment that a path names, made of what the store has of its segment. */
export async function smoothMedia(
  source: FragmentSource,
  made: MadeMedia,
  path: string,
  signal?: AbortSignal,
): Promise<Media | Refusal> {
  const asked = parseFragmentPath(path);
  if (!asked) return refuse('notFound');
  const { timeline, inits, levels } = source;
  if (asked.tag !== timelineTag(timeline)) return refuse('segmentNotFound');
  if (!levels.has(asked.kind, asked.bitrate)) return refuse('trackNotFound');
  const chunk = await findChunk(timeline, asked.kind, asked.start, inits);
  if (!chunk) return refuse('segmentNotFound');
  // Before its turn comes to be made: who waits for live media is not in the way of who wants what is stored.
  const next = await followingChunk(timeline, asked.kind, chunk, inits, signal);
  if (!next) return refuse('segmentNotFound');
  const bytes = await made.of(path, () => makeFragment(source, asked, chunk, next));
  return isRefusal(bytes) ? bytes : { bytes, contentType: `${asked.kind}/mp4` };
}

async function makeFragment(
  { timeline, inits }: FragmentSource,
  { kind, bitrate, infoOnly }: FragmentPath,
  chunk: Chunk,
  next: readonly SmoothTime[],
): Promise<Buffer | Refusal> {
  const { sequence, period, tracks } = chunk.segment;
  const trackId = standInTrack(chunk.segment, kind, levelTrackNumber(bitrate));
  const init = trackId === undefined ? undefined : await inits.of(period, trackId);
  const stored = trackId === undefined ? undefined : timeline.media(sequence, trackId);
  if (!init || !stored) return refuse('segmentNotFound');
  const samples = smoothSamples(await stored.buffer(), tracks[trackId!]!, init);
  if (samples.length === 0) return refuse('segmentNotFound');
  const duration = samples.reduce((sum, { durationTicks }) => sum + durationTicks, 0);
  const { bytes, moofBytes } = writeSmoothFragment({
    trackId: kind === 'video' ? 1 : 2,
    sequence,
    time: { start: chunk.time.start, duration },
    next,
    samples,
  });
  // A copy, so that what is kept is not the whole.
  return infoOnly ? Buffer.from(bytes.subarray(0, moofBytes)) : Buffer.from(bytes.buffer);
}
