import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { unpackPeriod } from '../packPeriodTracks.ts';
import { fromSegmentRow } from '../segmentRow.ts';
import type { SegmentIndex } from '../segmentIndex.ts';
import type { SegmentRow, TimelineRow } from '../segmentTables.ts';
import type { StoredPeriod } from '../storedPeriod.ts';
import { TimelineFolder } from '../disk/timelineFolder.ts';
import { fileBytes, takeInventory, type Inventory } from './inventory.ts';

export const problemKinds = {
  missingFile: 'Files that the index speaks of are missing',
  shortFile: 'Files are shorter than the index says',
  missingPeriod: 'Segments belong to periods that the index does not have',
  unknownFile: 'Files that the index does not speak of',
  unknownFolder: 'Folders of broadcasts that the index does not have',
  missingSegments: 'Compositions name segments that are not stored',
} as const;

/** Something on which index and files disagree. */
export interface StoreProblem {
  readonly kind: keyof typeof problemKinds;
  /** A path below the media's directory, or the name of a composition. */
  readonly where: string;
}

export interface Inspection {
  readonly segments: number;
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly StoreProblem[];
}

const rowsAtOnce = 500;

/** Compares all rows of a timeline with its files. What is being written has no rows yet, and is no problem. */
export async function inspectTimeline(
  timeline: TimelineRow,
  directory: string,
  index: SegmentIndex,
): Promise<Inspection> {
  const folder = new TimelineFolder(directory, timeline.id, 0);
  const inventory = await takeInventory(folder.path);
  const problems: StoreProblem[] = [];
  const tell = (kind: StoreProblem['kind'], path: string) =>
    problems.push({ kind, where: path.slice(directory.length + 1) });
  const compare = (path: string, expectedBytes: number, isThere: boolean) => {
    const bytes = isThere ? fileBytes(path) : 0;
    if (bytes === 0) tell('missingFile', path);
    else if (bytes < expectedBytes) tell('shortFile', path);
    return bytes;
  };
  const periods = new Map((await index.periods(timeline.id)).map((row) => [row.folder, unpackPeriod(row)]));
  for (const { folder: number, initBytes } of periods.values())
    for (const [id, bytes] of Object.entries(initBytes)) compare(folder.initPath(number, id), bytes, true);
  let segments = 0;
  let files = 0;
  let bytes = 0;
  let last: SegmentRow | undefined;
  for (let first = 0; ; first = last.sequence + 1) {
    const rows = await index.segments(timeline.id, { first, end: Infinity }, rowsAtOnce);
    for (const row of rows) {
      segments++;
      const { tracks } = fromSegmentRow(row);
      if (!periods.has(row.folder) && Object.keys(tracks).length > 0)
        tell('missingPeriod', folder.periodPath(row.folder));
      for (const [id, part] of Object.entries(tracks)) {
        const isThere = inventory.periods.get(row.folder)?.get(id)?.media.delete(row.file) ?? false;
        bytes += compare(folder.mediaPath(row.folder, id, row.file), part.bytes, isThere);
        files++;
      }
    }
    last = rows.at(-1) ?? last;
    if (rows.length < rowsAtOnce || !last) break;
    await yieldToOthers();
  }
  for (const path of unknownFiles(inventory, periods, timeline.ended_ms === null ? last : undefined, folder))
    tell('unknownFile', path);
  return { segments, files, bytes, problems };
}

/** `last`: of a timeline that is still open, behind which there may be files without rows. */
function* unknownFiles(
  { periods: found, strays }: Inventory,
  periods: ReadonlyMap<number, StoredPeriod>,
  last: SegmentRow | undefined,
  folder: TimelineFolder,
): Generator<string> {
  yield* strays;
  for (const [number, tracks] of found) {
    if (last && number > last.folder) continue;
    if (!periods.has(number)) yield folder.periodPath(number);
    else
      for (const [id, { media }] of tracks)
        for (const file of media) if (!last || file <= last.file) yield folder.mediaPath(number, id, file);
  }
}
