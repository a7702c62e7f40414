import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { unpackPeriod } from '../packPeriodTracks.ts';
import type { InitBase } from '../../media/mp4/initSegment.ts';
import type { TrackSegment } from '../../media/timeline.ts';
import { fromSegmentRow } from '../segmentRow.ts';
import type { SegmentIndex } from '../segmentIndex.ts';
import type { SegmentRow, TimelineRow } from '../segmentTables.ts';
import type { StoredPeriod } from '../storedPeriod.ts';
import { TimelineFolder } from '../disk/timelineFolder.ts';
import { fileBytes, takeInventory, type Inventory } from './inventory.ts';
import { readInitFile, wholeBytes } from './wholeBytes.ts';

export const problemKinds = {
  missingFile: 'Files that the index speaks of are missing',
  shortFile: 'Files are shorter than the index says',
  damagedFile: 'Files whose fragments are not those of the index',
  missingPeriod: 'Segments belong to periods that the index does not have',
  unknownFile: 'Files that the index does not speak of',
  unknownFolder: 'Folders of broadcasts that the index does not have',
  missingSegments: 'Compositions name segments that are not stored',
  orphan: 'Recordings and clips of entries that are not there',
  videoWithoutMedia: 'Videos that have no media: delete these entries',
} as const;

/** Something on which index and files disagree. */
export interface StoreProblem {
  readonly kind: keyof typeof problemKinds;
  /** A path below the media's directory, or the name of a composition. */
  readonly where: string;
  /** Of a damaged file, the bytes that are as the index says. */
  readonly wholeBytes?: number;
}

export interface Inspection {
  readonly segments: number;
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly StoreProblem[];
}

const rowsAtOnce = 500;

/**
 * Compares all rows of a timeline with its files; `deep`: with what is in them, too, as far as boxes tell. What is being
 * written has no rows yet, and is no problem.
 */
export async function inspectTimeline(
  timeline: TimelineRow,
  directory: string,
  index: SegmentIndex,
  deep: boolean,
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
  const inits = new InitFiles();
  const read = async (path: string, initPath: string, { bytes, fragments }: TrackSegment) => {
    const init = await inits.read(initPath);
    const whole = init ? await wholeBytes(path, init, fragments) : bytes;
    if (whole < bytes)
      problems.push({ kind: 'damagedFile', where: path.slice(directory.length + 1), wholeBytes: whole });
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
        const path = folder.mediaPath(row.folder, id, row.file);
        const length = compare(path, part.bytes, isThere);
        if (deep && length >= part.bytes) await read(path, folder.initPath(row.folder, id), part);
        bytes += length;
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

/** Those read last: a period's files follow one another. */
class InitFiles {
  readonly #known = new Map<string, InitBase | undefined>();

  async read(path: string): Promise<InitBase | undefined> {
    if (!this.#known.has(path)) {
      if (this.#known.size > 100) this.#known.clear();
      this.#known.set(path, await readInitFile(path));
    }
    return this.#known.get(path);
  }
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
