import type { Fragment } from '../../media/timeline.ts';
import type { StoredBytes, TimelineReader } from '../../segments/timelineReader.ts';
import type { PartAddress } from './partPath.ts';

/** What a track has of a segment, growing or complete; undefined when there is no such segment. */
export function partsOf(timeline: TimelineReader, sequence: number, trackId: string): readonly Fragment[] | undefined {
  const growing = timeline.growing.find((segment) => segment.sequence === sequence);
  if (growing) return growing.fragments.get(trackId) ?? [];
  const segment = timeline.segment(sequence);
  if (!segment) return undefined;
  return Object.hasOwn(segment.tracks, trackId) ? segment.tracks[trackId]!.fragments : [];
}

/**
 * The name of a part. A segment's first one is named as the one that would have continued the segment before: nobody
 * knows which of the two will come when the next part is hinted at, and the hint has to name it.
 */
export function partAddress(timeline: TimelineReader, sequence: number, trackId: string, part: number): PartAddress {
  const before = part === 0 ? partsOf(timeline, sequence - 1, trackId) : undefined;
  return before ? { trackId, sequence: sequence - 1, part: before.length } : { trackId, sequence, part };
}

/** A part's bytes, or `later` while it is the one that comes next. */
export function findPart(timeline: TimelineReader, asked: PartAddress): StoredBytes | 'later' | undefined {
  const { trackId, sequence, part } = asked;
  const own = timeline.fragment(sequence, trackId, part);
  if (own) return own;
  if (partsOf(timeline, sequence, trackId)?.length !== part) return undefined;
  return timeline.fragment(sequence + 1, trackId, 0) ?? (mayCome(timeline, asked) ? 'later' : undefined);
}

/** Of a part behind the last one of its segment. */
function mayCome(timeline: TimelineReader, { trackId, sequence }: PartAddress): boolean {
  const { growing, segments, periods, ended } = timeline;
  if (ended) return false;
  const next = growing.find((segment) => segment.sequence > sequence);
  const isLast = growing.some((segment) => segment.sequence === sequence) || segments.at(-1)?.sequence === sequence;
  if (!isLast && next?.sequence !== sequence + 1) return false;
  const period = next?.period ?? growing.at(-1)?.period ?? periods.at(-1);
  return period?.tracks.some(({ id }) => id === trackId) ?? false;
}
