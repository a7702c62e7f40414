import type { Period } from './timeline.ts';
import type { Track } from './track.ts';

/**
 * The track that stands in for `wanted` in a period: itself, else the nearest one of its kind that needs no more
 * bandwidth, else the leanest one; of text, one of the same language. Undefined when the period has nothing of that kind.
 */
export function playableTrack(period: Period, wanted: Track): Track | undefined {
  const candidates = period.tracks.filter(({ kind }) => kind === wanted.kind);
  const same = candidates.find(({ id }) => id === wanted.id);
  if (same) return same;
  if (wanted.kind === 'text')
    return candidates.find((track) => track.kind === 'text' && track.language === wanted.language);
  const byRate = candidates.toSorted((a, b) => b.bitrateBps - a.bitrateBps);
  return byRate.find(({ bitrateBps }) => bitrateBps <= wanted.bitrateBps) ?? byRate.at(-1);
}
