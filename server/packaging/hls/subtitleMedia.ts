import { isRefusal, refuse, type Refusal } from '../../errors.ts';
import { readCues } from '../../media/captions/cueFragment.ts';
import { joinCues } from '../../media/captions/joinCues.ts';
import { webVtt } from '../../media/captions/webVtt.ts';
import { readTrackInit } from '../../media/mp4/initSegment.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import type { MadeMedia } from '../madeMedia.ts';
import type { Media } from '../packager.ts';
import { parseSubtitlePath } from './subtitlePath.ts';

const contentType = 'text/vtt; charset=utf-8';

/** The WebVTT segment that a path names, made of the stored cues. */
export async function subtitleMedia(timeline: TimelineReader, path: string, made: MadeMedia): Promise<Media | Refusal> {
  const asked = parseSubtitlePath(path);
  if (!asked) return refuse('notFound');
  if (asked.tag !== timelineTag(timeline)) return refuse('segmentNotFound');
  const { trackId, sequence } = asked;
  const key = [timeline.id, trackId, sequence].join('/');
  const bytes = await made.of(key, () => makeSubtitles(timeline, trackId, sequence));
  return isRefusal(bytes) ? bytes : { bytes, contentType };
}

async function makeSubtitles(timeline: TimelineReader, trackId: string, sequence: number): Promise<Buffer | Refusal> {
  const segment = timeline.segment(sequence);
  const track = segment && Object.hasOwn(segment.tracks, trackId) ? segment.tracks[trackId] : undefined;
  const init = segment && timeline.init(segment.period, trackId);
  const media = timeline.media(sequence, trackId);
  if (!track || !init || !media) return refuse('segmentNotFound');
  const read = readTrackInit(await init.buffer());
  if (read.kind !== 'text') return refuse('segmentNotFound');
  const bytes = await media.buffer();
  const cues = track.fragments.flatMap(({ offset, bytes: length }) =>
    readCues(bytes.subarray(offset, offset + length), read),
  );
  return Buffer.from(webVtt(joinCues(cues), read.timescale));
}
