import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../server/database.ts';
import { createLog } from '../../server/log.ts';
import { createSegmentStore } from '../../server/segments/createSegmentStore.ts';
import { segmentMigrations } from '../../server/segments/segmentMigrations.ts';
import { madePeriod, madeSegment, madeTimeline } from '../../server/segments/timeline.fixture.ts';
import type { SegmentTables } from '../../server/segments/segmentTables.ts';
import type { TrackWithInit } from '../../server/segments/segmentStore.ts';

/**
 * What a two-hour window costs: `node --expose-gc e2e/bench/timeline.ts`. 3600 segments of 5 tracks and 4 fragments each are
 * written through the store (small ones, so that the disk does not count), then as many again while the window moves.
 */
const segments = 3600;
const fragmentsPerSegment = 4;
const tracks: TrackWithInit[] = ['v0', 'v1', 'v2', 'v3', 'a0'].map((id) => ({
  kind: 'audio',
  id,
  codec: 'mp4a.40.2',
  timescale: 90_000,
  bitrateBps: 128_000,
  sampleRate: 48_000,
  channels: 2,
  init: Buffer.alloc(800),
}));
const media = Buffer.alloc(64);

const root = await mkdtemp(join(tmpdir(), 'tallylight-bench-'));
const database = await openDatabase<SegmentTables>(join(root, 'index.db'), segmentMigrations);
const open = () => createSegmentStore({ directory: join(root, 'media'), database, log: createLog('silent', false) });
let store = await open();
const before = memoryBytes();
const writer = await store.write({ id: 'bench', entryId: '0_bench001', epochMs: 0, windowSeconds: 7200 });
const { timeline } = writer;
const period = await writer.startPeriod({ startMs: 0, tracks });

let position = 0;
async function writeSegments(count: number): Promise<number> {
  const startedMs = performance.now();
  for (let index = 0; index < count; index++, position += 2000) {
    const segment = period.openSegment({ startMs: position, wallClockMs: position });
    for (let fragment = 0; fragment < fragmentsPerSegment; fragment++) {
      const startTicks = position * 90 + fragment * 45_000;
      for (const { id } of tracks)
        segment.append(id, { startTicks, durationTicks: 45_000, independent: fragment === 0, data: media });
    }
    await segment.complete();
  }
  return (performance.now() - startedMs) / count;
}

console.log(`a window of ${segments} segments, ${tracks.length} tracks, ${fragmentsPerSegment} fragments each`);
print('a segment while the window grows (20 appends, 5 files, 1 row)', await writeSegments(segments), 'ms');
print('memory per entry', (memoryBytes() - before) / 1e6, 'MB');
print('a segment in a full window', await writeSegments(segments / 4), 'ms');

const row = await database.selectFrom('segments').selectAll().where('sequence', '=', 100).executeTakeFirstOrThrow();
print('index per segment', row.tracks.length, 'characters of JSON');
let sequence = 10_000_000;
print(
  'insert of a row',
  await each(2000, () =>
    database
      .insertInto('segments')
      .values({ ...row, sequence: sequence++ })
      .execute(),
  ),
  'ms',
);
await database.deleteFrom('segments').where('sequence', '>=', 10_000_000).execute();

let length = 0;
print('`segments`, unchanged', (await each(1_000_000, () => (length += timeline.segments.length))) * 1e6, 'ns');
print('`periods`, unchanged', (await each(1_000_000, () => (length += timeline.periods.length))) * 1e6, 'ns');
print('`segment(n)`', (await each(1_000_000, (n) => timeline.segment(n % 4500))) * 1e6, 'ns');
const rules = madeTimeline({ windowSeconds: 7200 });
const stored = madePeriod(0);
const append = (index: number) => {
  rules.append(stored, index, madeSegment(index * 2000, 2000), index * 2000);
  rules.takeExpired(index * 2000, 100);
};
await each(segments, append);
print('append and evict in memory, full window', (await each(20_000, (n) => append(segments + n))) * 1e6, 'ns');
const read = await each(20_000, (n) => {
  append(segments + 20_000 + n);
  length += rules.segments.length;
});
print('the same with `segments` read after each', read * 1e6, 'ns');

await store.close();
const openedMs = performance.now();
store = await open();
print('opening the store again (rows, 18,000 files)', performance.now() - openedMs, 'ms');
await store.close();
await database.destroy();
await rm(root, { recursive: true });

async function each(count: number, work: (index: number) => unknown): Promise<number> {
  const startedMs = performance.now();
  for (let index = 0; index < count; index++) {
    const result = work(index);
    if (result instanceof Promise) await result;
  }
  return (performance.now() - startedMs) / count;
}

function memoryBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function print(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(64)} ${value.toFixed(value < 10 ? 2 : 0)} ${unit}`);
}
