import { mkdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import { Compositions, spansOf } from './compositions.ts';
import { DiskSegmentStore } from './diskSegmentStore.ts';
import { SegmentIndex } from './segmentIndex.ts';
import type { SegmentStore } from './segmentStore.ts';
import type { SegmentTables } from './segmentTables.ts';
import { StoredTimelines } from './storedTimelines.ts';
import { folderOfUnknown } from './disk/timelineFolder.ts';
import { loadTimeline } from './recovery/loadTimeline.ts';
import { listSetAside, setAside, unknownTimelines } from './recovery/setAside.ts';

export interface SegmentStoreOptions {
  /** For media only; what is there without being in the index is set aside. */
  readonly directory: string;
  /** Opened with `segmentMigrations`; stays its opener’s. */
  readonly database: Kysely<SegmentTables>;
  readonly log: Logger;
  readonly now?: () => number;
  /** Media of one broadcast that may wait for the disk. */
  readonly maxHeldBytes?: number;
  readonly evictionIntervalMs?: number;
  /** Makes a whole file survive a loss of power. */
  readonly syncFile?: (handle: FileHandle) => Promise<void>;
}

/**
 * Opens the store in a directory: brings index and files of what was being written into agreement, then serves what is
 * there. What compositions hold is read when it is asked for.
 */
export async function createSegmentStore(options: SegmentStoreOptions): Promise<SegmentStore> {
  const {
    directory,
    database,
    log,
    now = Date.now,
    maxHeldBytes = 64e6,
    evictionIntervalMs = 2000,
    syncFile,
  } = options;
  const index = new SegmentIndex(database);
  await mkdir(directory, { recursive: true });
  const compositions = new Compositions(await index.compositions());
  const timelines = new StoredTimelines(directory, index, await index.floors());
  for (const row of await index.timelines()) {
    if (row.retired === 1) {
      timelines.keepRetired(row);
      continue;
    }
    const held = spansOf(compositions.naming(row.id), row.id);
    const { timeline, folder } = await loadTimeline(row, { directory, index, log, now, held });
    timelines.keep({ timeline, folder, ordinal: row.ordinal });
  }
  await setUnknownAside(directory, new Set(timelines.ids()), log);
  return new DiskSegmentStore({
    directory,
    index,
    timelines,
    compositions,
    log,
    now,
    maxHeldBytes,
    evictionIntervalMs,
    syncFile,
  });
}

async function setUnknownAside(directory: string, known: ReadonlySet<string>, log: Logger): Promise<void> {
  for (const timelineId of await unknownTimelines(directory, known)) {
    const keptIn = await setAside(directory, join(directory, timelineId));
    if (keptIn !== undefined) log.warn({ timelineId, keptIn }, 'media that are not in the index are set aside');
  }
  const kept = await listSetAside(directory);
  if (kept.length === 0) return;
  const path = join(directory, folderOfUnknown);
  log.warn(
    { path, folders: kept.length },
    'media that are not in the index are kept; delete this folder if nobody needs them',
  );
}
