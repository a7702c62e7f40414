import type { TimelineReader } from '../../segments/timelineReader.ts';
import { mediaPath } from '../cmaf/mediaPath.ts';
import { ListPlaylist } from './listPlaylist.ts';
import type { DescribeEntry } from './segmentList.ts';

/**
 * A key frame for each segment of a video track, for scrubbing and trick play (RFC 8216 4.3.3.6). The range of a key
 * frame is the whole fragment that begins with it: the boxes would say more than a shorter range holds, and demuxers
 * wait for the rest of a box.
 */
export function createIframePlaylist(timeline: TimelineReader): ListPlaylist {
  return new ListPlaylist(timeline, describe, '#EXT-X-I-FRAMES-ONLY\n');
}

function describe(tag: string): DescribeEntry {
  return ({ tracks, sequence }, { id, timescale }) => {
    const { keyFrame, durationTicks } = tracks[id]!;
    if (!keyFrame) return undefined;
    return { seconds: durationTicks / timescale, uri: mediaPath.sequence(tag, id, sequence), byteRange: keyFrame };
  };
}
