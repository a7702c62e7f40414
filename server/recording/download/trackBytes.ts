import type { TimelineReader } from '../../segments/timelineReader.ts';

/** What each track of a timeline takes, by its id; undefined for one that has not ended. */
export function trackBytes(timeline: TimelineReader | undefined): Map<string, number> | undefined {
  if (!timeline?.ended) return undefined;
  const sums = new Map<string, number>();
  for (const { tracks } of timeline.segments)
    for (const [id, { bytes }] of Object.entries(tracks)) sums.set(id, (sums.get(id) ?? 0) + bytes);
  return sums;
}
