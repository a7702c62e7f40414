import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TimelineFolder } from '../disk/timelineFolder.ts';
import type { SegmentIndex, SegmentPlaceRow } from '../segmentIndex.ts';
import type { PeriodRow } from '../segmentTables.ts';
import type { Inventory } from './inventory.ts';
import { setAside } from './setAside.ts';

/** Takes the files of a segment, whatever is in them, out of the inventory. */
export function claimFiles({ folder, file, tracks }: SegmentPlaceRow, { periods }: Inventory): void {
  for (const id of Object.keys(JSON.parse(tracks) as Record<string, unknown>))
    periods.get(folder)?.get(id)?.media.delete(file);
}

/** Deletes what no row speaks of, and periods without segments. A period with media that has no row is set aside: then the index is what is lost. */
export async function sweep(
  timelineId: string,
  folder: TimelineFolder,
  { periods, strays }: Inventory,
  used: ReadonlySet<number>,
  periodRows: readonly PeriodRow[],
  index: SegmentIndex,
): Promise<void> {
  for (const stray of strays) await rm(stray, { recursive: true, force: true });
  for (const [number, tracks] of periods) {
    const isKnown = periodRows.some((row) => row.folder === number);
    const hasMedia = [...tracks.values()].some(({ media }) => media.size > 0);
    if (!isKnown && hasMedia)
      await setAside(dirname(folder.path), folder.periodPath(number), `${timelineId}.period-${number}`);
    else if (!used.has(number)) await folder.removePeriod(number);
    else for (const [id, { media }] of tracks) for (const file of media) await folder.removeMedia(number, id, file);
  }
  for (const { folder: number } of periodRows)
    if (!used.has(number)) await index.removePeriodsBetween(timelineId, number - 1, number + 1);
}
