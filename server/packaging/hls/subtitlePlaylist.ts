import type { TimelineReader } from '../../segments/timelineReader.ts';
import { ListPlaylist } from './listPlaylist.ts';
import type { DescribeEntry } from './segmentList.ts';
import { subtitlePath } from './subtitlePath.ts';

/** The segments of a text track as WebVTT (RFC 8216 3.5), made when they are asked for. */
export function createSubtitlePlaylist(timeline: TimelineReader): ListPlaylist {
  return new ListPlaylist(timeline, describe);
}

function describe(tag: string): DescribeEntry {
  return ({ tracks, sequence }, { id, timescale }) => ({
    seconds: tracks[id]!.durationTicks / timescale,
    uri: subtitlePath(tag, id, sequence),
  });
}
