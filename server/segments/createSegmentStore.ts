import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import { DiskSegmentStore, type KeptTimeline } from './diskSegmentStore.ts';
import { SegmentIndex } from './segmentIndex.ts';
import type { SegmentStore } from './segmentStore.ts';
import type { SegmentTables } from './segmentTables.ts';
import { isTimelineId } from './disk/timelineFolder.ts';
import { loadTimeline } from './recovery/loadTimeline.ts';

export interface SegmentStoreOptions {
  /** For media only; what is there without being in the index is deleted. */
  readonly directory: string;
  /** Opened with `segmentMigrations`; stays its opener’s. */
  readonly database: Kysely<SegmentTables>;
  readonly log: Logger;
  readonly now?: () => number;
  /** Media of one broadcast that may wait for the disk. */
  readonly maxHeldBytes?: number;
  readonly evictionIntervalMs?: number;
}

/** Opens the store in a directory: brings index and files into agreement, then serves what is there. */
export async function createSegmentStore(options: SegmentStoreOptions): Promise<SegmentStore> {
  const { directory, database, log, now = Date.now, maxHeldBytes = 64e6, evictionIntervalMs = 2000 } = options;
  const index = new SegmentIndex(database);
  await mkdir(directory, { recursive: true });
  const kept: KeptTimeline[] = [];
  for (const row of await index.timelines()) {
    const { timeline, folder } = await loadTimeline(row, { directory, index, log, now });
    kept.push({ timeline, folder, ordinal: row.ordinal });
  }
  await sweepUnknown(directory, new Set(kept.map(({ timeline }) => timeline.id)), log);
  return new DiskSegmentStore(
    { directory, index, log, now, maxHeldBytes, evictionIntervalMs },
    kept,
    await index.floors(),
  );
}

async function sweepUnknown(directory: string, known: ReadonlySet<string>, log: Logger): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (!entry.isDirectory() || !isTimelineId(entry.name) || known.has(entry.name)) continue;
    log.warn({ timelineId: entry.name }, 'deleting media that is not in the index');
    await rm(join(directory, entry.name), { recursive: true, force: true });
  }
}
