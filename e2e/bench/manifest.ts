import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createDelivery } from '../../server/delivery/delivery.ts';
import { GzippedBodies } from '../../server/delivery/gzippedBodies.ts';
import { isRefusal } from '../../server/errors.ts';
import { listen } from '../../server/http.ts';
import { createLog } from '../../server/log.ts';
import { timelineTag } from '../../server/packaging/cmaf/mediaPath.ts';
import { createDashPackager } from '../../server/packaging/dash/packager.ts';
import { createHdsPackager } from '../../server/packaging/hds/packager.ts';
import { createHlsPackager } from '../../server/packaging/hls/packager.ts';
import { MemoryTimeline, type TrackMedia } from '../../server/packaging/memoryTimeline.fixture.ts';
import { madeTracks } from '../../server/packaging/mss/madeTracks.fixture.ts';
import { createMssPackager } from '../../server/packaging/mss/packager.ts';
import type { Packager } from '../../server/packaging/packager.ts';
import { packagers } from '../../server/packaging/packagers.ts';
import { quantile } from './quantile.ts';
import { unevenMs } from './unevenMs.ts';

/**
 * How long a manifest takes over HTTP with a minute and with two hours of DVR, while parts and segments keep coming; how
 * long a new one takes to make; what a viewer at low latency takes each second; how much memory manifests are kept in. `npm run bench:manifest`
 */
const windows = { '1 min': { entryId: '0_minute00', seconds: 60 }, '2 h': { entryId: '0_twohours', seconds: 7200 } };
const { v0, v1, v2, a0 } = madeTracks;
const tracks = [v0, v1, v2, { ...v2, id: 'v3', width: 480, height: 270, bitrateBps: 400_000 }, a0];
const partsOfSegment = 6;
/** Ten times as often as in life: one manifest in a few dozen is the first of its version. */
const partEveryMs = 33;
const requests = 1500;
const gzipped = new GzippedBodies();

/** The manifests that players ask for again and again, and who makes them. */
const manifests: readonly [create: () => Packager, path: string][] = [
  [createHlsPackager, 'master.m3u8'],
  [createHlsPackager, 'v0.m3u8'],
  [createDashPackager, 'manifest.mpd'],
  [createHdsPackager, 'manifest.f4m'],
  [createHdsPackager, 'TAG/bootstrap.abst'],
  [createMssPackager, 'Manifest'],
];

/** A broadcast with its window full; its segments are never quite equally long, as a browser's. */
class Broadcast {
  readonly timeline: MemoryTimeline;
  #positionMs = 0;
  #count = 0;
  #part = 0;

  constructor(entryId: string, windowSeconds: number) {
    this.timeline = new MemoryTimeline({ entryId, id: entryId, windowSeconds });
    this.timeline.startPeriod(0, tracks);
    while (this.#positionMs < windowSeconds * 1000 + 10_000) this.#complete();
    this.timeline.open(this.#positionMs);
  }

  path(path: string): string {
    return path.replace('TAG', timelineTag(this.timeline));
  }

  /** One more segment, with all its parts. */
  append(): void {
    do this.grow();
    while (this.#part > 0);
  }

  /** One more part of every track. */
  grow(): void {
    for (const { id, timescale } of tracks) {
      this.timeline.grow(id, this.#fragment(this.#part, this.#durationMs(), timescale));
    }
    this.#part = (this.#part + 1) % partsOfSegment;
    if (this.#part > 0) return;
    this.#complete();
    this.timeline.open(this.#positionMs);
  }

  #complete(): void {
    const durationMs = this.#durationMs();
    this.timeline.add({ startMs: this.#positionMs, durationMs, tracks: this.#media(durationMs) });
    this.#positionMs += durationMs;
    this.#count++;
  }

  #durationMs(): number {
    return 1970 + unevenMs(this.#count);
  }

  #media(durationMs: number): Record<string, TrackMedia> {
    const media = tracks.map(({ id, timescale }) => {
      const fragments = Array.from({ length: partsOfSegment }, (_, part) => {
        return { ...this.#fragment(part, durationMs, timescale), offset: part * 100, bytes: 100 };
      });
      const { startTicks } = fragments[0]!;
      const durationTicks = fragments.reduce((sum, fragment) => sum + fragment.durationTicks, 0);
      return [id, { startTicks, durationTicks, fragments, bytes: 100 * partsOfSegment }] as const;
    });
    return Object.fromEntries(media);
  }

  #fragment(part: number, durationMs: number, timescale: number) {
    const ticks = (at: number) =>
      Math.round(((this.#positionMs + (at * durationMs) / partsOfSegment) * timescale) / 1000);
    return { startTicks: ticks(part), durationTicks: ticks(part + 1) - ticks(part), independent: part === 0 };
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
  setInterval(() => broadcasts.forEach((broadcast) => broadcast.grow()), partEveryMs);
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
  const request = { path: broadcast.path(path), query: '', nowMs: 0 };
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
  const rows: Record<string, Record<string, number>> = {};
  for (const [create, path] of manifests) {
    rows[`${create().name}/${path}`] = {
      '1 min extended ms': ms(await measureMaking(create, path, windows['1 min'].seconds, false)),
      '2 h extended ms': ms(await measureMaking(create, path, windows['2 h'].seconds, false)),
      '24 h extended ms': ms(await measureMaking(create, path, 86_400, false)),
      '2 h built anew ms': ms(await measureMaking(create, path, windows['2 h'].seconds, true)),
    };
  }
  return rows;
}

/** What a viewer at low latency who is there for every part takes, with two hours of DVR; what has not changed is a 304. */
async function viewerTable(): Promise<Record<string, Record<string, number>>> {
  const parts = 300;
  const polled: readonly [create: () => Packager, path: string, query: string][] = [
    [createHlsPackager, 'v0.m3u8', ''],
    [createHlsPackager, 'v0.m3u8', '_HLS_skip=YES'],
    [createDashPackager, 'manifest.mpd', ''],
  ];
  const rows: Record<string, Record<string, number>> = {};
  for (const [create, path, query] of polled) {
    const broadcast = new Broadcast('0_inmemory', windows['2 h'].seconds);
    const packager = create();
    const request = { path, query: '', parameters: new URLSearchParams(query), nowMs: 0 };
    let [bytes, changes, tag] = [0, 0, ''];
    for (let part = 0; part < parts; part++) {
      broadcast.grow();
      const manifest = await packager.manifest(broadcast.timeline, request);
      if (isRefusal(manifest)) throw new Error(manifest.refused);
      if (manifest.tag === tag) continue;
      tag = manifest.tag;
      changes++;
      bytes += (await gzipped.of(manifest.body)).length;
    }
    const seconds = (parts / partsOfSegment) * 2;
    rows[`${packager.name}/${path}${query && `?${query}`}`] = {
      'new ones per second': Number((changes / seconds).toFixed(2)),
      'kB per second, gzip': Number((bytes / 1000 / seconds).toFixed(1)),
    };
  }
  return rows;
}

/** What stays in memory per hour of DVR and track once everything has been asked for, in kB. */
async function memoryTable(): Promise<Record<string, Record<string, number>>> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const kept = async () => {
    // What is held weakly is let go only after the turn that touched it.
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const rows: Record<string, Record<string, number>> = {};
  for (const create of packagers) {
    const broadcast = new Broadcast('0_inmemory', windows['2 h'].seconds);
    const packager = create();
    const paths = manifests.flatMap(([own, path]) => (own === create ? [broadcast.path(path)] : []));
    if (packager.name === 'hls') paths.push(...tracks.slice(1).map(({ id }) => `${id}.m3u8`));
    const before = await kept();
    // Twice: the window moves on, and what has left it is let go.
    for (let round = 0; round < 2; round++) {
      for (const path of paths) await packager.manifest(broadcast.timeline, { path, query: '', nowMs: 0 });
      broadcast.append();
    }
    const hours = windows['2 h'].seconds / 3600;
    rows[packager.name] = {
      'kB per hour and track': Math.round(((await kept()) - before) / 1000 / hours / tracks.length),
    };
  }
  return rows;
}

async function main(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url));
  const [port] = (await once(worker, 'message')) as [number];
  const rows: Record<string, Record<string, string | number>> = {};
  for (const [create, name] of manifests) {
    const path = `${create().name}/${name}`;
    for (const encoding of ['identity', 'gzip']) {
      const timings: Timing[] = [];
      for (const { entryId } of Object.values(windows)) {
        const own = path.replace('TAG', timelineTag(new MemoryTimeline({ id: entryId })));
        timings.push(await measure(`http://127.0.0.1:${port}/play/${entryId}/${own}`, encoding));
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
  console.log(`Over HTTP, ${requests} requests each, a new part every ${partEveryMs} ms:`);
  console.table(rows);
  console.log('The first one after a new segment, inside the server:');
  console.table(await makingTable());
  console.log('What a viewer at low latency takes of two hours:');
  console.table(await viewerTable());
  console.log('Kept in memory beside the timeline itself, once all of it has been asked for:');
  console.table(await memoryTable());
}

await (isMainThread ? main() : serve());
