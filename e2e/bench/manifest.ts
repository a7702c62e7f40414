import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createDelivery } from '../../server/delivery/delivery.ts';
import { listen } from '../../server/http.ts';
import { createLog } from '../../server/log.ts';
import { createDashPackager } from '../../server/packaging/dash/packager.ts';
import { createHlsPackager } from '../../server/packaging/hls/packager.ts';
import { MemoryTimeline } from '../../server/packaging/memoryTimeline.fixture.ts';
import type { Packager } from '../../server/packaging/packager.ts';
import { packagers } from '../../server/packaging/packagers.ts';
import { a0, segmentOf, v0, v1, v2 } from '../../server/packaging/tracks.fixture.ts';
import { quantile } from './quantile.ts';

/**
 * How long a manifest takes over HTTP with a minute and with two hours of DVR, while segments keep coming.
 * `node e2e/bench/manifest.ts`
 */
const windows = { '1 min': { entryId: '0_minute00', seconds: 60 }, '2 h': { entryId: '0_twohours', seconds: 7200 } };
const tracks = [v0, v1, v2, { ...v2, id: 'v3', width: 480, height: 270, bitrateBps: 400_000 }, a0];
/** Ten times as often as in life: one manifest in a few dozen is the first of its version. */
const appendEveryMs = 200;
const requests = 1500;

/** A broadcast with its window full; its segments are never quite equally long, as a browser's. */
class Broadcast {
  readonly timeline: MemoryTimeline;
  #positionMs = 0;
  #count = 0;

  constructor(entryId: string, windowSeconds: number) {
    this.timeline = new MemoryTimeline({ entryId, id: entryId, windowSeconds });
    this.timeline.startPeriod(0, tracks);
    while (this.#positionMs < windowSeconds * 1000 + 10_000) this.append();
  }

  append(): void {
    const durationMs = 1970 + ((this.#count++ * 37) % 61);
    this.timeline.add(segmentOf(this.#positionMs, durationMs, tracks));
    this.#positionMs += durationMs;
  }
}

async function serve(): Promise<void> {
  const broadcasts = Object.values(windows).map(({ entryId, seconds }) => new Broadcast(entryId, seconds));
  const delivery = createDelivery({
    timelines: { playing: (id) => broadcasts.find(({ timeline }) => timeline.entryId === id)?.timeline },
    packagers,
    log: createLog('silent', false),
  });
  const server = createServer((request, response) => void delivery.handler(request, response));
  const port = await listen(server, 0, 'HTTP_PORT');
  setInterval(() => broadcasts.forEach((broadcast) => broadcast.append()), appendEveryMs);
  parentPort!.postMessage(port, []);
}

interface Timing {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly bytes: number;
}

async function measure(url: string, encoding: string): Promise<Timing> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  let bytes = 0;
  for (let index = -100; index < requests; index++) {
    const startMs = performance.now();
    const [response] = (await once(get(url, { agent, headers: { 'Accept-Encoding': encoding } }), 'response')) as [
      IncomingMessage,
    ];
    bytes = 0;
    for await (const chunk of response) bytes += (chunk as Buffer).length;
    if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`);
    // The first ones warm up.
    if (index >= 0) times.push(performance.now() - startMs);
  }
  agent.destroy();
  return { p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95), bytes };
}

/** Milliseconds until a manifest of a new version is there, inside the server. */
async function measureMaking(
  create: () => Packager,
  path: string,
  windowSeconds: number,
  anew: boolean,
): Promise<number> {
  const broadcast = new Broadcast('0_inmemory', windowSeconds);
  const request = { path, query: '', nowMs: 0 };
  let packager = create();
  const times: number[] = [];
  for (let index = -100; index < 400; index++) {
    broadcast.append();
    if (anew) packager = create();
    const startMs = performance.now();
    await packager.manifest(broadcast.timeline, request);
    if (index >= 0) times.push(performance.now() - startMs);
  }
  return quantile(times, 0.5);
}

async function makingTable(): Promise<Record<string, Record<string, number>>> {
  const ms = (value: number) => Number(value.toFixed(3));
  const row = async (create: () => Packager, path: string) => ({
    '1 min extended ms': ms(await measureMaking(create, path, windows['1 min'].seconds, false)),
    '2 h extended ms': ms(await measureMaking(create, path, windows['2 h'].seconds, false)),
    '2 h built anew ms': ms(await measureMaking(create, path, windows['2 h'].seconds, true)),
  });
  return {
    'hls/master.m3u8': await row(createHlsPackager, 'master.m3u8'),
    'hls/v0.m3u8': await row(createHlsPackager, 'v0.m3u8'),
    'dash/manifest.mpd': await row(createDashPackager, 'manifest.mpd'),
  };
}

async function main(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url));
  const [port] = (await once(worker, 'message')) as [number];
  const rows: Record<string, Record<string, string | number>> = {};
  for (const path of ['hls/master.m3u8', 'hls/v0.m3u8', 'dash/manifest.mpd']) {
    for (const encoding of ['identity', 'gzip']) {
      const timings: Timing[] = [];
      for (const { entryId } of Object.values(windows)) {
        timings.push(await measure(`http://127.0.0.1:${port}/play/${entryId}/${path}`, encoding));
      }
      const [short, long] = timings as [Timing, Timing];
      const ms = (value: number) => Number(value.toFixed(3));
      rows[`${path} ${encoding}`] = {
        '1 min p50 ms': ms(short.p50Ms),
        '1 min p95 ms': ms(short.p95Ms),
        '1 min bytes': short.bytes,
        '2 h p50 ms': ms(long.p50Ms),
        '2 h p95 ms': ms(long.p95Ms),
        '2 h bytes': long.bytes,
        'p50 ratio': Number((long.p50Ms / short.p50Ms).toFixed(2)),
        'p95 ratio': Number((long.p95Ms / short.p95Ms).toFixed(2)),
      };
    }
  }
  await worker.terminate();
  console.log(`Over HTTP, ${requests} requests each, a new segment every ${appendEveryMs} ms:`);
  console.table(rows);
  console.log('The first one after a new segment, inside the server:');
  console.table(await makingTable());
}

await (isMainThread ? main() : serve());
