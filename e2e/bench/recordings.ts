/**
 * npm run bench:recordings [-- <recordings>]
 *
 * What recordings cost: 300 of an hour each and two broadcasts of 12 h (segments of 2 s, 5 tracks, 6 fragments each) are put
 * into the index. Printed: how long the store takes to open, how long the first request for the day of two parts waits, the
 * longest time nothing else is answered meanwhile, its memory, and what a snapshot and the sum of its bytes cost.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openDatabase } from '../../server/database.ts';
import { createLog } from '../../server/log.ts';
import { createSegmentStore } from '../../server/segments/createSegmentStore.ts';
import { packPeriodTracks } from '../../server/segments/packPeriodTracks.ts';
import { joinFragments, packTracks } from '../../server/segments/packTracks.ts';
import { segmentMigrations } from '../../server/segments/segmentMigrations.ts';
import type { SegmentRow, SegmentTables } from '../../server/segments/segmentTables.ts';
import type { Track } from '../../server/media/track.ts';

const recordings = Number(process.argv[2] ?? 300);
const segmentMs = 2000;
const fragmentsPerSegment = 6;
const tracks = ['v0', 'v1', 'v2', 'v3', 'a0'].map((id): Track => {
  const [codec, timescale, bitrateBps] = ['mp4a.40.2', 90_000, 128_000] as const;
  return { kind: 'audio', id, codec, timescale, bitrateBps, sampleRate: 48_000, channels: 2 };
});

const root = await mkdtemp(join(tmpdir(), 'tallylight-bench-'));
const database = await openDatabase<SegmentTables>(join(root, 'index.db'), segmentMigrations);
const open = () => createSegmentStore({ directory: join(root, 'media'), database, log: createLog('silent', false) });

function rowOf(timelineId: string, sequence: number): SegmentRow {
  const parts = tracks.map(({ id, timescale }) => {
    const durationTicks = (segmentMs * timescale) / 1000 / fragmentsPerSegment;
    const fragments = Array.from({ length: fragmentsPerSegment }, (_, index) => ({
      startTicks: (sequence * fragmentsPerSegment + index) * durationTicks,
      durationTicks,
      offset: index * 60_000,
      bytes: 60_000,
      independent: index === 0,
    }));
    return [id, joinFragments(fragments)] as const;
  });
  const startMs = sequence * segmentMs;
  return {
    timeline_id: timelineId,
    sequence,
    period_index: 0,
    folder: 0,
    file: sequence,
    start_ms: startMs,
    duration_ms: segmentMs,
    wall_clock_ms: startMs,
    window_start: 0,
    target_duration_seconds: 2,
    tracks: packTracks(Object.fromEntries(parts)),
    bytes: 1_800_000,
    bytes_before: sequence * 1_800_000,
  };
}

async function record(timelineId: string, hours: number): Promise<void> {
  const segments = (hours * 3_600_000) / segmentMs;
  await database
    .insertInto('timelines')
    .values({
      id: timelineId,
      entry_id: `entry-${timelineId}`,
      ordinal: 0,
      epoch_ms: 0,
      window_seconds: 7200,
      first_sequence: 0,
      sequence_floor: segments,
      period_floor: 1,
      target_duration_seconds: 2,
      ended_ms: 1,
      settled: 1,
      retired: 1,
    })
    .execute();
  const packed = packPeriodTracks({ tracks, initBytes: {} });
  await database
    .insertInto('periods')
    .values({ timeline_id: timelineId, folder: 0, start_ms: 0, tracks: packed })
    .execute();
  for (let first = 0; first < segments; first += 200) {
    const rows = Array.from({ length: Math.min(200, segments - first) }, (_, index) =>
      rowOf(timelineId, first + index),
    );
    await database.insertInto('segments').values(rows).execute();
  }
  const range = { timelineId, first: 0, end: null };
  await database
    .insertInto('compositions')
    .values({ name: timelineId, entry_id: timelineId, ranges: JSON.stringify([range]) })
    .execute();
}

for (let number = 0; number < recordings; number++) await record(`hour-${number}`, 1);
for (const id of ['first', 'second']) await record(id, 12);

const openedMs = performance.now();
const store = await open();
print(`opening a store with ${recordings + 2} recordings`, performance.now() - openedMs, 'ms');

const ranges = ['first', 'second'].map((timelineId) => ({ timelineId, first: 0, end: null }));
await store.compose('day', 'day', ranges);
const before = memoryBytes();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const askedMs = performance.now();
const day = (await store.composed('day'))!;
print('the first request for a day of two parts', performance.now() - askedMs, 'ms');
delay.disable();
print('the longest that nothing else was answered', delay.max / 1e6, 'ms');
print('its memory', (memoryBytes() - before) / 1e6, 'MB');

const snapshotMs = performance.now();
const { segments } = day;
print(`a list of its ${segments.length} segments`, performance.now() - snapshotMs, 'ms');
const foundMs = performance.now();
for (let count = 0; count < 10_000; count++) day.media((count * 7919) % segments.length, 'v3');
print('finding the bytes of a segment', ((performance.now() - foundMs) / 10_000) * 1000, 'µs');
const usedMs = performance.now();
const { bytes } = await store.usage('day');
print(`the sum of its ${(bytes / 1e9).toFixed(0)} GB`, performance.now() - usedMs, 'ms');

await store.close();
await database.destroy();
await rm(root, { recursive: true });

function memoryBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function print(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(52)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit}`);
}
