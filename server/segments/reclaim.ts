import type { TimelineFolder } from './disk/timelineFolder.ts';
import type { SegmentIndex, SegmentPlaceRow } from './segmentIndex.ts';
import { gapsBetween, type Span } from './sequenceSpans.ts';
import type { KnownTimeline } from './storedTimelines.ts';

/** Segments deleted in one go: enough to keep up, few enough not to keep the disk and the database busy. */
const deletedAtOnce = 100;

/** Deletes some of what a timeline has beside what is needed of it; false when there was nothing to delete. */
export async function reclaimSome(
  { id, folder, timeline }: KnownTimeline,
  needed: readonly Span[],
  index: SegmentIndex,
): Promise<boolean> {
  for (const gap of gapsBetween(needed)) {
    const places = await index.places(id, gap, deletedAtOnce);
    const [first] = places;
    const last = places.at(-1);
    if (!first || !last) continue;
    // Files before rows: what a crash leaves behind is found by its rows, and deleted again.
    for (const place of places) await removeFiles(place, folder);
    const removed = { first: first.sequence, end: last.sequence + 1 };
    await index.removeSegments(id, removed);
    await removeEmptyPeriods(id, folder, index, removed, timeline?.ended === false ? last.folder : Infinity);
    return true;
  }
  return false;
}

async function removeFiles({ folder: period, file, tracks }: SegmentPlaceRow, folder: TimelineFolder): Promise<void> {
  const trackIds = Object.keys(JSON.parse(tracks) as Record<string, unknown>);
  await Promise.all(trackIds.map((id) => folder.removeMedia(period, id, file)));
}

/** Folders rise with sequences, so those between what is left on both sides are empty. */
async function removeEmptyPeriods(
  id: string,
  folder: TimelineFolder,
  index: SegmentIndex,
  removed: Span,
  otherwise: number,
): Promise<void> {
  const [next] = await index.places(id, { first: removed.end, end: Infinity }, 1);
  const above = (await index.lastSegment(id, { first: 0, end: removed.first }))?.folder ?? -1;
  const below = next?.folder ?? otherwise;
  for (const period of await index.periods(id))
    if (period.folder > above && period.folder < below) await folder.removePeriod(period.folder);
  await index.removePeriodsBetween(id, above, below);
}
