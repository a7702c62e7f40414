/**
 * npm run bench:delivery
 *
 * What it costs to hand out segments and manifests: answers per second of processor time, beside nginx with one worker
 * handing out the same bytes, over loopback and in turns, for every format. And how long 500 readers, all blocked on one LL-HLS playlist,
 * wait for each new part.
 */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import type { Playback } from '../../shared/model/entry.ts';
import { listedFragments, readBootstrap } from '../../server/packaging/hds/readHds.fixture.ts';
import { readSmoothManifest } from '../../server/packaging/mss/readSmooth.fixture.ts';
import { Encoder } from '../drivers/encoder.ts';
import { freePorts } from '../drivers/freePorts.ts';
import { cpuSeconds, processTree } from '../drivers/processUse.ts';
import { Producer, until } from '../drivers/producer.ts';
import { ServerUnderTest } from '../drivers/server.ts';
import type { BlockedOrder, BlockedResult, LoadOrder, LoadResult } from './deliveryLoad.ts';
import { endChild, startNginx } from './nginx.ts';
import { quantile } from './quantile.ts';

const connections = 32;
const secondsEach = 6;
const rounds = 2;
const readers = 500;

const root = await mkdtemp(join(tmpdir(), 'tallylight-delivery-'));
const server = await ServerUnderTest.start({ LOG_LEVEL: 'warn' });
try {
  const producer = await Producer.signIn(server);
  const live = await producer.createLiveEntry();
  const encoder = Encoder.publish(live, { size: '1280x720', frameRate: 30, videoBitrateKbps: 2500 });
  await producer.waitForState(live.id, 'live');
  await measureParts(live.playback.hls ?? '');
  await encoder.stop();
  await producer.call('POST', `/entries/${live.id}/end`);
  await measureThroughput(live.playback);
} finally {
  await server.stop();
  await rm(root, { recursive: true, force: true });
}

async function measureParts(master: string): Promise<void> {
  const playlist = master.replace('master.m3u8', 'v0.m3u8');
  await until(async () => ((await textOf(playlist)).includes('EXT-X-PART:') ? true : undefined), 'parts');
  const before = cpuSeconds(server.pid);
  const startedMs = performance.now();
  const order: BlockedOrder = { playlist, readers, seconds: 20 };
  const { answers, failures, latenciesMs, spreadsMs } = await inThread<BlockedResult>(order);
  const share = (cpuSeconds(server.pid) - before) / ((performance.now() - startedMs) / 1000);
  console.log(`\nLL-HLS: ${readers} readers blocked on one playlist, ${answers} answers, ${failures} failures`);
  console.table({
    'last frame in → reader has the playlist, ms': quantiles(latenciesMs),
    'first reader → last reader, ms': quantiles(spreadsMs),
    'of a core': { p50: Number(share.toFixed(2)) },
  });
}

interface Asset {
  readonly what: string;
  readonly url: string;
  /** Sent compressed. */
  readonly gzip: boolean;
}

/** A manifest and a segment of each format; those of HDS and Smooth Streaming are made when they are asked for. */
async function assetsOf({ hls, dash, hds, mss }: Playback): Promise<Asset[]> {
  if (!hls || !dash || !hds || !mss) throw new Error('a format is missing');
  const playlist = hls.replace('master.m3u8', 'v0.m3u8');
  const segment = new URL(/^[^#\n]+\.m4s$/m.exec(await textOf(playlist))![0], playlist).href;
  const f4m = await textOf(hds);
  const addressIn = (pattern: RegExp) => new URL(pattern.exec(f4m)![1]!, hds).href;
  const bootstrap = addressIn(/ url="([^"]+\.abst)"/);
  const listed = listedFragments(readBootstrap(Buffer.from(await (await fetch(bootstrap)).arrayBuffer())));
  const [video] = readSmoothManifest(await textOf(mss)).streams;
  return [
    { what: 'segment (2.5 Mbit/s)', url: segment, gzip: false },
    {
      what: 'HDS fragment, made',
      url: `${addressIn(/<media [^>]*url="([^"]+)"/)}Seg1-Frag${listed[0]!.number}`,
      gzip: false,
    },
    { what: 'Smooth fragment, made', url: new URL(video!.paths[0]!, mss).href, gzip: false },
    { what: 'HLS playlist, gzip', url: playlist, gzip: true },
    { what: 'DASH manifest, gzip', url: dash, gzip: true },
    { what: 'HDS manifest, gzip', url: hds, gzip: true },
    { what: 'HDS bootstrap', url: bootstrap, gzip: true },
    { what: 'Smooth manifest, gzip', url: mss, gzip: true },
  ];
}

async function measureThroughput(playback: Playback): Promise<void> {
  const assets = await assetsOf(playback);
  const { port } = await freePorts(['port']);
  const files = join(root, 'files');
  for (const asset of assets) await keep(files, asset);
  const nginx = await startNginx(
    root,
    port,
    (folder) => `http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  open_file_cache max=100 inactive=60s;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  types { application/vnd.apple.mpegurl m3u8; application/dash+xml mpd; video/mp4 m4s; }
  server { listen 127.0.0.1:${port}; root ${files}; gzip_static on; }
}`,
  );
  try {
    const rows: Record<string, unknown>[] = [];
    for (const { what, url } of assets) {
      const own: Rate[] = [];
      const peer: Rate[] = [];
      for (let round = 0; round < rounds; round++) {
        own.push(await rate(url, [server.pid]));
        peer.push(await rate(`http://127.0.0.1:${port}${new URL(url).pathname}`, processTree(nginx.pid!)));
      }
      rows.push({ what, ...summary('', own), ...summary('nginx ', peer), ratio: ratio(own, peer) });
    }
    console.log('\nAnswers per second of one core, and as they came over loopback');
    console.table(rows);
  } finally {
    await endChild(nginx);
  }
}

interface Rate {
  readonly perCpuSecond: number;
  readonly perSecond: number;
}

async function rate(url: string, pids: readonly number[]): Promise<Rate> {
  const order: LoadOrder = { url, connections, seconds: secondsEach };
  const used = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const before = used();
  const { requests, failures } = await inThread<LoadResult>(order);
  if (failures > 0) throw new Error(`${url}: ${failures} of ${requests} failed`);
  return { perCpuSecond: requests / Math.max(used() - before, 0.01), perSecond: requests / secondsEach };
}

function best(rates: readonly Rate[]): Rate {
  return rates.toSorted((a, b) => b.perCpuSecond - a.perCpuSecond)[0]!;
}

function summary(name: string, rates: readonly Rate[]): Record<string, number> {
  const { perCpuSecond, perSecond } = best(rates);
  return { [`${name}per core`]: Math.round(perCpuSecond), [`${name}per second`]: Math.round(perSecond) };
}

function ratio(own: readonly Rate[], peer: readonly Rate[]): number {
  return Number((best(own).perCpuSecond / best(peer).perCpuSecond).toFixed(2));
}

function quantiles(values: readonly number[]): Record<string, number> {
  return { p50: Math.round(quantile(values, 0.5)), p95: Math.round(quantile(values, 0.95)) };
}

async function textOf(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

/** The bytes as a file at the same path, and compressed beside it where that is how they are asked for. */
async function keep(folder: string, { url, gzip }: Asset): Promise<void> {
  const path = join(folder, new URL(url).pathname);
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  if (gzip) await writeFile(`${path}.gz`, gzipSync(bytes));
}

async function inThread<Result>(order: LoadOrder | BlockedOrder): Promise<Result> {
  const worker = new Worker(new URL('deliveryLoad.ts', import.meta.url), { workerData: order });
  const [result] = (await once(worker, 'message')) as [Result];
  await worker.terminate();
  return result;
}
