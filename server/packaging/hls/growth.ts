import type { Fragment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { GrowingSegment, TimelineReader } from '../../segments/timelineReader.ts';
import { partsOf } from '../cmaf/parts.ts';
import { playableTrack } from '../../media/playableTrack.ts';

/** What a playlist lists of a segment that is being written. */
export interface GrowingEntry {
  readonly segment: GrowingSegment;
  /** The one that stands for the playlist's in the segment's period. */
  readonly track: Track;
  readonly parts: readonly Fragment[];
  /** The track has gone on to the next segment, so this is all. */
  readonly finished: boolean;
}

/** Where a playlist ends: part -1 where its last segment has none. */
export interface PlaylistEnd {
  readonly sequence: number;
  readonly part: number;
}

/** The growing segments that have something of the track, as far as nothing is missing before them. */
export function growingEntries({ growing }: TimelineReader, wanted: Track): GrowingEntry[] {
  const entries: GrowingEntry[] = [];
  for (const [index, segment] of growing.entries()) {
    const track = playableTrack(segment.period, wanted);
    const parts = track && segment.fragments.get(track.id);
    if (!track || !parts || parts.length === 0) break;
    const next = growing[index + 1];
    const nextTrack = next && playableTrack(next.period, wanted);
    const finished = nextTrack !== undefined && (next?.fragments.get(nextTrack.id)?.length ?? 0) > 0;
    entries.push({ segment, track, parts, finished });
    if (!finished) break;
  }
  return entries;
}

export function durationTicksOf(parts: readonly Fragment[]): number {
  const last = parts.at(-1)!;
  return last.startTicks + last.durationTicks - parts[0]!.startTicks;
}

/** `lastTrack` stands for the playlist's in the last complete segment. */
export function playlistEnd(
  timeline: TimelineReader,
  entries: readonly GrowingEntry[],
  lastTrack: Track | undefined,
): PlaylistEnd {
  const newest = entries.at(-1);
  if (newest) return { sequence: newest.segment.sequence, part: newest.parts.length - 1 };
  const { sequence } = timeline.segments.at(-1)!;
  const parts = lastTrack && partsOf(timeline, sequence, lastTrack.id);
  return { sequence, part: (parts?.length ?? 0) - 1 };
}
