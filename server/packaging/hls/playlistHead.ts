import type { TimelineReader } from '../../segments/timelineReader.ts';

interface PlaylistHead {
  readonly targetSeconds: number;
  /** A segment is missing in it (RFC 8216bis 8). */
  readonly hasGaps: boolean;
  /** It is a delta update. Only those need a version that old clients do not know. */
  readonly skips: boolean;
  /** What else its head says. */
  readonly tags: string;
}

/** What a playlist begins with, as far as its first segment. */
export function playlistHead(timeline: TimelineReader, { targetSeconds, hasGaps, skips, tags }: PlaylistHead): string {
  return `#EXTM3U
#EXT-X-VERSION:${skips ? 9 : hasGaps ? 8 : 7}
#EXT-X-TARGETDURATION:${targetSeconds}
${tags}#EXT-X-MEDIA-SEQUENCE:${timeline.segments[0]!.sequence}
#EXT-X-DISCONTINUITY-SEQUENCE:${timeline.discontinuitySequence}
`;
}

/** What has ended and keeps all it has. */
export function playlistType({ ended, windowSeconds }: TimelineReader): string {
  return ended && windowSeconds === 0 ? '#EXT-X-PLAYLIST-TYPE:VOD\n' : '';
}
