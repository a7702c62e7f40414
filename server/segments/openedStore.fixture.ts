import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { openDatabase } from '../database.ts';
import { createLog, type Logger } from '../log.ts';
import { createSegmentStore, type SegmentStoreOptions } from './createSegmentStore.ts';
import { segmentMigrations } from './segmentMigrations.ts';
import type { SegmentStore } from './segmentStore.ts';
import type { SegmentTables } from './segmentTables.ts';

export interface OpenedStore {
  readonly store: SegmentStore;
  readonly database: Kysely<SegmentTables>;
  /** Of the media. */
  readonly directory: string;
  close(): Promise<void>;
}

export function makeDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'tallylight-segments-'));
}

export async function removeDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

/** The store over real files and a real database below `root`. */
export async function openStore(
  root: string,
  options: Partial<SegmentStoreOptions> = {},
  log: Logger = createLog('silent', false),
): Promise<OpenedStore> {
  const directory = join(root, 'media');
  const database = await openDatabase<SegmentTables>(join(root, 'index.db'), segmentMigrations);
  const store = await createSegmentStore({ directory, database, log, ...options });
  const close = async () => {
    await store.close();
    await database.destroy();
  };
  return { store, database, directory, close };
}
