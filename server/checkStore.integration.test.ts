import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Entries } from './catalog/entries.ts';
import { lockDirectory } from './directoryLock.ts';
import { createLog } from './log.ts';
import { openServerDatabase } from './openServerDatabase.ts';
import { makeCmaf, run } from './segments/cmaf.fixture.ts';
import { createSegmentStore } from './segments/createSegmentStore.ts';
import { startPeriod, trackBytes, writeSegments, type MadeMedia } from './segments/madeBroadcast.fixture.ts';
import type { SegmentStore } from './segments/segmentStore.ts';

const program = join(import.meta.dirname, 'checkStore.ts');
const epochMs = 1_700_000_000_000;
let made: MadeMedia;
let dataDir: string;

beforeAll(async () => {
  made = await makeCmaf(8);
});

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tallylight-check-'));
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function withStore(use: (store: SegmentStore) => Promise<void>): Promise<void> {
  const database = await openServerDatabase(dataDir);
  const log = createLog('silent', false);
  const store = await createSegmentStore({ directory: join(dataDir, 'media'), database, log });
  await use(store);
  await store.close();
  await database.destroy();
}

/** A video of this id. */
async function addVideo(id: string): Promise<void> {
  const database = await openServerDatabase(dataDir);
  const video = { origin: 'recording', status: 'ready', progress: null, failure: null, durationMs: 0 } as const;
  const about = { name: id, sourceEntryId: null, rootEntryId: null, trimmed: false, profileId: null };
  const made = await new Entries(database).createVideo({ ...video, ...about });
  await database.updateTable('entries').set({ id }).where('id', '=', made.id).execute();
  await database.destroy();
}

/** A recording of an ended broadcast whose entry is gone, and a broadcast that was interrupted. */
async function record(): Promise<void> {
  await addVideo('recorded');
  await addVideo('clip');
  await withStore(async (store) => {
    const ended = await store.write({ id: 'ended', entryId: '0_entry001', epochMs, windowSeconds: 0 });
    await writeSegments(made, await startPeriod(made, ended, 0), 0, 4, epochMs);
    await ended.end();
    await store.compose('recorded', 'recorded', [{ timelineId: 'ended', first: 0, end: null }]);
    await store.compose('clip', 'clip', [{ timelineId: 'ended', first: 3, end: 4 }]);
    await store.deleteEntry('0_entry001');
    const open = await store.write({ id: 'open', entryId: '0_entry002', epochMs, windowSeconds: 7200 });
    await writeSegments(made, await startPeriod(made, open, 0), 0, 2, epochMs);
  });
}

function check(...args: readonly string[]): Promise<{ exitCode: number; said: string }> {
  const env = { ...process.env, DATA_DIR: dataDir };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });
}

const media = (...path: readonly string[]) => join(dataDir, 'media', ...path);

describe('npm run check-store', () => {
  it('says what there is when index and files agree', async () => {
    await record();
    const { exitCode, said } = await check();
    expect(said).toMatch(
      /^2 broadcasts, 6 segments in 12 files \(\d+\.\d MB\), 2 recordings and clips\.\nIndex and files agree\.\n$/,
    );
    expect(exitCode).toBe(0);
  });

  it('tells what is wrong, repairs it, and finds nothing more', async () => {
    await record();
    const lost = made.v0.fragments.slice(4, 6).reduce((sum, { data }) => sum + data.length, 0);
    await truncate(media('ended/0/v0/1.m4s'), lost + 5);
    await rm(media('ended/0/a0/2.m4s'));
    await writeFile(media('ended/0/v0/9.m4s'), 'x');
    await writeFile(media('ended/notes.txt'), 'x');
    await mkdir(media('forgotten/0/v0'), { recursive: true });
    await writeFile(media('forgotten/0/v0/0.m4s'), 'media');
    // What a killed server was writing: its next start makes a segment of it.
    await writeFile(media('open/0/v0/2.m4s'), made.v0.fragments[8]!.data);
    const found = await check();
    expect(found.exitCode).toBe(1);
    for (const line of ['ended/0/v0/1.m4s', 'ended/0/a0/2.m4s', 'ended/0/v0/9.m4s', 'ended/notes.txt', 'forgotten'])
      expect(found.said).toContain(`  ${line}\n`);
    expect(found.said).not.toContain('open/');
    expect(found.said).toContain('Files are shorter than the index says (1):');
    const repaired = await check('--repair');
    expect(repaired.said).toContain('After the repair:\n2 broadcasts, 6 segments in 11 files');
    expect(repaired.exitCode).toBe(0);
    const kept = await check();
    expect(kept.exitCode).toBe(0);
    expect(kept.said).toContain(
      `Media that the index does not have are kept in ${media('unknown')} (1):\n  forgotten\n`,
    );
    expect(readdirSync(media()).toSorted()).toEqual(['ended', 'open', 'unknown']);
    expect(readdirSync(media('unknown/forgotten/0/v0'))).toEqual(['0.m4s']);
    await withStore(async (store) => {
      const recorded = (await store.composed('recorded'))!;
      expect(recorded.segments.map(({ tracks }) => Object.keys(tracks).length)).toEqual([2, 2, 1, 2]);
      expect(recorded.segments[1]!.tracks['v0']!.fragments).toHaveLength(2);
      await run('ffmpeg', '-v error -xerror -i pipe:0 -f null -'.split(' '), await trackBytes(recorded, 0, 'v0'));
      expect(store.timeline('open')!.segments).toHaveLength(3);
    });
  });

  it('reads every fragment with --deep, and keeps what is whole', async () => {
    await record();
    const path = media('ended/0/v0/2.m4s');
    const bytes = await readFile(path);
    const whole = made.v0.fragments.slice(8, 10).reduce((sum, { data }) => sum + data.length, 0);
    await writeFile(path, Buffer.concat([bytes.subarray(0, whole), Buffer.alloc(bytes.length - whole)]));
    expect((await check()).exitCode).toBe(0);
    const found = await check('--deep');
    expect(found).toMatchObject({ exitCode: 1, said: expect.stringContaining('  ended/0/v0/2.m4s\n') });
    const repaired = await check('--deep', '--repair');
    expect([repaired.exitCode, repaired.said]).toEqual([0, expect.stringContaining('Index and files agree.')]);
    await withStore(async (store) => {
      const recorded = (await store.composed('recorded'))!;
      expect(recorded.segments.map(({ tracks }) => tracks['v0']!.fragments.length)).toEqual([4, 4, 2, 4]);
    });
  });

  it('tells of videos without media, and lets go of media without an entry', async () => {
    await record();
    await addVideo('hollow');
    const database = await openServerDatabase(dataDir);
    await database.deleteFrom('entries').where('id', '=', 'clip').execute();
    await database.destroy();
    const found = await check();
    expect(found.said).toContain('Videos that have no media: delete these entries (1):\n  hollow\n');
    expect(found.said).toContain('Recordings and clips of entries that are not there (1):\n  clip\n');
    const repaired = await check('--repair');
    expect(repaired.said.slice(repaired.said.indexOf('After the repair'))).not.toContain('  clip\n');
    expect(repaired).toMatchObject({ exitCode: 1, said: expect.stringContaining('  hollow\n') });
  });

  it('leaves out of recordings and clips what is not stored any more', async () => {
    await record();
    const database = await openServerDatabase(dataDir);
    await database.deleteFrom('segments').where('timeline_id', '=', 'ended').where('sequence', 'in', [1, 3]).execute();
    await database.destroy();
    const found = await check();
    expect(found.said).toContain('  recorded: ended, segments 1 to 1\n');
    expect(found.said).toContain('  clip: ended, segments 3 to 3\n');
    const repaired = await check('--repair');
    expect(repaired.said.slice(repaired.said.indexOf('After the repair'))).toMatch(
      /Videos that have no media.*\n {2}clip\n$/,
    );
    await withStore(async (store) => {
      expect((await store.composed('recorded'))!.segments.map(({ startMs }) => startMs)).toHaveLength(2);
      expect(await store.composed('clip')).toBeUndefined();
    });
  });

  it('keeps its hands off while a server runs, but looks', async () => {
    await record();
    await appendFile(media('ended/0/v0/9.m4s'), 'x');
    const lock = await lockDirectory(dataDir);
    const refused = await check('--repair');
    expect(refused).toMatchObject({ exitCode: 1, said: expect.stringContaining('stop it, then repair') });
    expect((await check()).said).toContain('ended/0/v0/9.m4s');
    expect(readdirSync(media('ended/0/v0'))).toContain('9.m4s');
    lock?.release();
  });

  it('finds nothing where no server has been', async () => {
    expect(await check('--repair')).toMatchObject({ exitCode: 1, said: expect.stringContaining('no database') });
    expect(readdirSync(dataDir)).toEqual([]);
  });
});
