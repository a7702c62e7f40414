import type { Segment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { playableTrack } from '../../media/playableTrack.ts';
import type { SeenTracks } from '../seenTracks.ts';

/**
 * Ids of the tracks that are in a rendition's fragment, picture before sound: the rendition or what stands in for it, and
 * the audio. Undefined when that is not known any more.
 */
export function fragmentTracks(
  { periods }: TimelineReader,
  seen: SeenTracks,
  segment: Segment,
  wanted: Track,
): string[] | undefined {
  const period = periods.find(({ index }) => index === segment.period);
  if (period) {
    const own = playableTrack(period, wanted);
    const audio = wanted.kind === 'video' ? soundOf(period.tracks) : undefined;
    return [own, audio].flatMap((track) => track?.id ?? []);
  }
  // A segment that has just left the window with all its period: no description, but the media may still be there.
  if (!Object.hasOwn(segment.tracks, wanted.id)) return undefined;
  const audio =
    wanted.kind === 'video' ? soundOf(Object.keys(segment.tracks).flatMap((id) => seen.get(id) ?? [])) : undefined;
  return [wanted.id, ...(audio ? [audio.id] : [])];
}

function soundOf(tracks: readonly Track[]): Track | undefined {
  return tracks.find(({ kind }) => kind === 'audio');
}
