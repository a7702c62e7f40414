import type { VideoTrack } from '../../media/track.ts';
import type { Stretch } from './stretch.ts';

/** The smallest picture that need not be enlarged, or the largest there is; undefined where there is only sound. */
export function chooseRendition(stretch: Stretch, width: number): VideoTrack | undefined {
  const tracks = stretch.period.tracks
    .filter((track) => track.kind === 'video')
    .filter(({ id }) => stretch.fragments(id).length > 0)
    .toSorted((a, b) => a.width - b.width || a.bitrateBps - b.bitrateBps);
  return tracks.find((track) => track.width >= width) ?? tracks.at(-1);
}
