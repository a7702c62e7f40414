import type { FileHandle } from 'node:fs/promises';
import { readlink } from 'node:fs/promises';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeCmaf } from './cmaf.fixture.ts';
import { startPeriod, writeSegments, type MadeMedia } from './madeBroadcast.fixture.ts';
import { makeDirectory, openStore, removeDirectory, type OpenedStore } from './openedStore.fixture.ts';

const epochMs = 1_700_000_000_000;
let made: MadeMedia;
let root: string;
let opened: OpenedStore;
let nowMs = epochMs;
/** Files that are on the disk for good, below the timeline's folder, in their order. */
let safe: string[];
let disk = Promise.withResolvers<void>();

async function syncFile(handle: FileHandle): Promise<void> {
  const path = await readlink(`/proc/self/fd/${handle.fd}`);
  await disk.promise;
  await handle.datasync();
  safe.push(path.slice(path.indexOf('one/') + 4));
}

beforeAll(async () => {
  made = await makeCmaf(8);
});

beforeEach(async () => {
  root = await makeDirectory();
  safe = [];
  nowMs = epochMs;
  disk = Promise.withResolvers();
  opened = await openStore(root, { syncFile, now: () => nowMs, evictionIntervalMs: 5 });
});

afterEach(async () => {
  disk.resolve();
  await opened.close();
  await removeDirectory(root);
});

/** Whether files are taken at their rows' word when the store has looked again. */
async function minuteLater(): Promise<number | undefined> {
  nowMs += 61_000;
  await new Promise((resolve) => setTimeout(resolve, 20));
  return (await opened.database.selectFrom('timelines').select('settled').executeTakeFirst())?.settled;
}

it('brings every file onto the disk, and lets no viewer wait for it', async () => {
  const writer = await opened.store.write({ id: 'one', entryId: '0_entry001', epochMs, windowSeconds: 0 });
  await writeSegments(made, await startPeriod(made, writer, 0), 0, 2, epochMs);
  // Not one is safe yet, and all of it can be played.
  expect(writer.timeline.segments).toHaveLength(2);
  expect(safe).toEqual([]);
  await writer.end();
  for (let look = 0; look < 5; look++) expect(await minuteLater()).toBe(0);
  disk.resolve();
  await expect.poll(minuteLater).toBe(1);
  const files = ['init.mp4', '0.m4s', '1.m4s'].flatMap((file) => [`0/a0/${file}`, `0/v0/${file}`]);
  expect(safe.toSorted()).toEqual(files.toSorted());
});

it('waits at its close for what is not safe yet', async () => {
  const writer = await opened.store.write({ id: 'one', entryId: '0_entry001', epochMs, windowSeconds: 0 });
  await writeSegments(made, await startPeriod(made, writer, 0), 0, 1, epochMs);
  const closed = opened.store.close();
  disk.resolve();
  await closed;
  expect(safe).toHaveLength(4);
});
