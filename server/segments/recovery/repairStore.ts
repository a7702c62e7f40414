import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { TimelineFolder } from '../disk/timelineFolder.ts';
import type { SegmentIndex } from '../segmentIndex.ts';
import type { SegmentRange } from '../segmentStore.ts';
import type { TimelineRow } from '../segmentTables.ts';
import { checkPeriods, checkSegment } from './checkTimeline.ts';
import type { StoreProblem } from './inspectTimeline.ts';
import { takeInventory } from './inventory.ts';
import { setAside } from './setAside.ts';
import { storedParts } from './storedParts.ts';
import { sweep } from './sweep.ts';

const rowsAtOnce = 500;

/**
 * Brings index and files into agreement while nobody uses them: keeps the whole fragments of files that were cut short or damaged,
 * turns lost segments into gaps, deletes or sets aside what no row speaks of, and leaves out of compositions what is lost.
 */
export async function repairStore(
  problems: readonly StoreProblem[],
  directory: string,
  index: SegmentIndex,
): Promise<void> {
  for (const { kind, where, wholeBytes } of problems) {
    if (kind === 'damagedFile') await truncate(join(directory, where), wholeBytes);
    if (kind === 'orphan') await index.removeComposition(where);
  }
  const damaged = new Set(problems.map(({ where }) => where.split('/')[0]));
  for (const timeline of await index.timelines())
    if (damaged.has(timeline.id)) await repairTimeline(timeline, directory, index);
  for (const { kind, where } of problems)
    if (kind === 'unknownFolder') await setAside(directory, join(directory, where));
  for (const composition of await index.compositions()) {
    const { stored, missing } = await storedParts(JSON.parse(composition.ranges) as SegmentRange[], index);
    if (missing.length === 0) continue;
    if (stored.length === 0) await index.removeComposition(composition.name);
    else await index.keepComposition({ ...composition, ranges: JSON.stringify(stored) });
  }
}

async function repairTimeline(timeline: TimelineRow, directory: string, index: SegmentIndex): Promise<void> {
  const folder = new TimelineFolder(directory, timeline.id, 0);
  const inventory = await takeInventory(folder.path);
  const periodRows = await index.periods(timeline.id);
  const periods = await checkPeriods(periodRows, inventory, index);
  const used = new Set<number>();
  let last: { readonly folder: number; readonly file: number } | undefined;
  for (let first = 0; ;) {
    const rows = await index.segments(timeline.id, { first, end: Infinity }, rowsAtOnce);
    for (const row of rows) {
      await checkSegment(row, periods, folder, inventory, index);
      used.add(row.folder);
      last = row;
      first = row.sequence + 1;
    }
    if (rows.length < rowsAtOnce) break;
  }
  if (timeline.ended_ms === null) leaveUnfinished(inventory.periods, used, last);
  await sweep(timeline.id, folder, inventory, used, periodRows, index);
}

/** What was being written when the server ended: its next start makes segments of it. */
function leaveUnfinished(
  found: Awaited<ReturnType<typeof takeInventory>>['periods'],
  used: Set<number>,
  last: { readonly folder: number; readonly file: number } | undefined,
): void {
  for (const [number, tracks] of found) {
    if (last && number < last.folder) continue;
    used.add(number);
    for (const { media } of tracks.values())
      for (const file of media) if (!last || number > last.folder || file > last.file) media.delete(file);
  }
}
