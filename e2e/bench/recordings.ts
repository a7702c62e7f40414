/**
 * npm run bench:recordings [-- <recordings>]
 *
 * What recordings cost: 300 of an hour each and two broadcasts of 12 h (segments of 2 s, 5 tracks, 6 fragments each) are put
 * into the index. Printed: how long the store takes to open, how long the first request for the day of two parts waits, the
 * longest time nothing else is answered meanwhile, its memory, and what a snapshot and the sum of its bytes cost; then, for
 * each manifest of that day and of a part of it, how long the first request and the one after it wait over HTTP, the longest
 * time nothing else is answered meanwhile, and the memory it is kept in.
 */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../../server/database.ts';
import { createDelivery } from '../../server/delivery/delivery.ts';
import { listen } from '../../server/http.ts';
import { createLog } from '../../server/log.ts';
import { timelineTag } from '../../server/packaging/cmaf/mediaPath.ts';
import { packagers } from '../../server/packaging/packagers.ts';
import { createSegmentStore } from '../../server/segments/createSegmentStore.ts';
import { segmentMigrations } from '../../server/segments/segmentMigrations.ts';
import type { SegmentTables } from '../../server/segments/segmentTables.ts';
import { record } from './recordedTimelines.ts';

const recordings = Number(process.argv[2] ?? 300);
const dayEntry = '0_recorded';

const root = await mkdtemp(join(tmpdir(), 'tallylight-bench-'));
const directory = join(root, 'media');
const log = createLog('silent', false);
const database = await openDatabase<SegmentTables>(join(root, 'index.db'), segmentMigrations);

for (let number = 0; number < recordings; number++) await record(database, directory, `hour-${number}`, 1);
await record(database, directory, 'first', 12);
await record(database, directory, 'second', 12, 12 * 3_600_000);

const openedMs = performance.now();
const store = await createSegmentStore({ directory, database, log });
print(`opening a store with ${recordings + 2} recordings`, performance.now() - openedMs, 'ms');

const ranges = ['first', 'second'].map((timelineId) => ({ timelineId, first: 0, end: null }));
await store.compose(dayEntry, dayEntry, ranges);
const before = await memoryBytes();
const { ms, blockedMs, result } = await timed(() => store.composed(dayEntry));
const day = result!;
print('the first request for a day of two parts', ms, 'ms');
print('the longest that nothing else was answered', blockedMs, 'ms');
print('its memory', ((await memoryBytes()) - before) / 1e6, 'MB');

const snapshotMs = performance.now();
const { segments } = day;
print(`a list of its ${segments.length} segments`, performance.now() - snapshotMs, 'ms');
const foundMs = performance.now();
for (let count = 0; count < 10_000; count++) day.media((count * 7919) % segments.length, 'v3');
print('finding the bytes of a segment', ((performance.now() - foundMs) / 10_000) * 1000, 'µs');
const usedMs = performance.now();
const { bytes } = await store.usage(dayEntry);
print(`the sum of its ${(bytes / 1e9).toFixed(0)} GB`, performance.now() - usedMs, 'ms');

await measureManifests();
await store.close();
await database.destroy();
await rm(root, { recursive: true });

async function measureManifests(): Promise<void> {
  const delivery = createDelivery({ timelines: { playing: (id) => store.composed(id) }, packagers, log });
  const server = createServer((request, response) => void delivery.handler(request, response));
  const base = `http://127.0.0.1:${await listen(server, 0, 'HTTP_PORT')}/play/${dayEntry}`;
  const paths = [
    'hls/master.m3u8',
    'hls/v0.m3u8',
    'hls/v0-iframes.m3u8',
    'dash/manifest.mpd',
    'hds/manifest.f4m',
    `hds/${timelineTag(day)}/bootstrap.abst`,
    'mss/Manifest',
  ];
  // What is the same for all is not the first one's to pay.
  await fetchBytes(base.replace(dayEntry, 'time'));
  const rows: Record<string, Record<string, number>> = {};
  for (const query of ['', '?start=60000'])
    for (const path of paths) {
      const kept = await memoryBytes();
      const first = await timed(() => fetchBytes(`${base}/${path}${query}`));
      const again = await timed(() => fetchBytes(`${base}/${path}${query}`));
      rows[path + query] = {
        'first ms': Math.round(first.ms),
        'blocked ms': Math.round(first.blockedMs),
        'again ms': Number(again.ms.toFixed(1)),
        'kB, gzip': Math.round(first.result / 1000),
        'MB kept': Number((((await memoryBytes()) - kept) / 1e6).toFixed(1)),
      };
    }
  console.log('\nManifests of the day, and of all but its first minute');
  console.table(rows);
  server.close();
  server.closeAllConnections();
  await delivery.close();
}

async function fetchBytes(url: string): Promise<number> {
  const [response] = (await once(get(url, { headers: { 'Accept-Encoding': 'gzip' } }), 'response')) as [
    IncomingMessage,
  ];
  let length = 0;
  for await (const chunk of response) length += (chunk as Buffer).length;
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`);
  return length;
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; blockedMs: number; result: T }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // What blocks before its first tick is not seen.
  await pause(5);
  const startedMs = performance.now();
  const result = await work();
  const ms = performance.now() - startedMs;
  await pause(5);
  delay.disable();
  return { ms, blockedMs: delay.max / 1e6, result };
}

async function memoryBytes(): Promise<number> {
  // What is held weakly is let go only after the turn that touched it.
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function print(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(52)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit}`);
}
