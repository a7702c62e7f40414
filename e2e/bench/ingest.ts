/**
 * npm run bench:ingest [-- <publishers> …]
 *
 * What RTMP publishers cost under Passthrough, and so how many of them a core carries: 5, 10 and 20 encoders that send
 * the same 720p30 with 1.5 Mbit/s in real time, key frames every two seconds (ffmpeg, `-c copy`, not counted). Processor
 * time and memory (Pss) are those of the server with everything it has started: here Node.js, the mediasoup worker and
 * an ffmpeg for each publisher; of processor time, the idle server's is not taken off.
 *
 * In the same run, under the same load of the machine, so that the ratios mean something where the times do not: nginx
 * with libnginx-mod-rtmp cutting HLS segments, and node-media-server, which only relays. Both are got if they are
 * missing (apt-get as root; npm into the user's cache), and left out with a line where they cannot be had.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds, memoryBytes, processTree } from '../drivers/processUse.ts';
import { until } from '../drivers/producer.ts';
import {
  startNginxRtmp,
  startNodeMediaServer,
  startTallylight,
  type IngestPeer,
  type StartPeer,
} from './ingestPeers.ts';

const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [5, 10, 20];
const settleMs = 8000;
const measureMs = 20_000;

interface Use {
  readonly publishers: number;
  /** Per cent of a core. */
  readonly cpu: number;
  readonly bytes: number;
}

async function makeSource(folder: string): Promise<string> {
  const source = join(folder, 'source.flv');
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30,noise=alls=6:allf=t'];
  const sound = ['-f', 'lavfi', '-i', 'sine=r=48000'];
  const video = '-t 20 -c:v libx264 -preset veryfast -pix_fmt yuv420p -b:v 1400k -maxrate 1400k -bufsize 1400k -g 60';
  const audio = '-sc_threshold 0 -c:a aac -b:a 96k -ac 2';
  const coding = `${video} ${audio}`.split(' ');
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...picture, ...sound, ...coding, source]);
  return source;
}

function publish(source: string, address: string): ChildProcess {
  const input = ['-re', '-stream_loop', '-1', '-i', source];
  const args = ['-v', 'error', '-nostdin', ...input, '-c', 'copy', '-f', 'flv', address];
  return spawn('ffmpeg', args, { stdio: 'ignore' });
}

async function stop(publisher: ChildProcess): Promise<void> {
  if (publisher.exitCode !== null || publisher.signalCode !== null) return;
  const exited = once(publisher, 'exit');
  publisher.kill('SIGKILL');
  await exited;
}

async function measure(peer: IngestPeer, source: string, count: number): Promise<Use> {
  const publishers: ChildProcess[] = [];
  try {
    for (const address of await peer.addresses(count)) {
      publishers.push(publish(source, address));
      await delay(100);
    }
    await until(async () => ((await peer.arrived()) >= count ? true : undefined), `${count} streams`, 60_000);
    await delay(settleMs);
    // The same processes at both ends: none may come or go meanwhile.
    const tree = processTree(peer.pid);
    const used = () => tree.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
    const [startedMs, before] = [performance.now(), used()];
    await delay(measureMs);
    const cpu = ((used() - before) * 100_000) / (performance.now() - startedMs);
    const alive = publishers.filter(({ exitCode }) => exitCode === null).length;
    if (alive < count) throw new Error(`${peer.name} lost ${count - alive} of ${count} publishers`);
    return { publishers: count, cpu, bytes: tree.reduce((sum, pid) => sum + memoryBytes(pid), 0) };
  } finally {
    await Promise.all(publishers.map(stop));
  }
}

async function idle(peer: IngestPeer): Promise<Use> {
  const tree = processTree(peer.pid);
  const used = () => tree.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const before = used();
  await delay(5000);
  const cpu = ((used() - before) * 100) / 5;
  return { publishers: 0, cpu, bytes: tree.reduce((sum, pid) => sum + memoryBytes(pid), 0) };
}

async function start(startPeer: StartPeer, name: string, folder: string): Promise<IngestPeer | undefined> {
  try {
    return await startPeer(folder);
  } catch (error) {
    console.log(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

const folder = await mkdtemp(join(tmpdir(), 'tallylight-ingest-'));
const peers: IngestPeer[] = [];
try {
  const source = await makeSource(folder);
  peers.push(await startTallylight(folder));
  for (const [startPeer, name] of [
    [startNginxRtmp, 'nginx with libnginx-mod-rtmp'],
    [startNodeMediaServer, 'node-media-server'],
  ] as const) {
    const peer = await start(startPeer, name, folder);
    if (peer) peers.push(peer);
  }
  const uses = new Map<IngestPeer, Use[]>();
  for (const peer of peers) uses.set(peer, [await idle(peer)]);
  for (const count of counts) {
    for (const peer of peers) {
      uses.get(peer)?.push(await measure(peer, source, count));
      // Whatever it does after a publisher has gone belongs to nobody.
      await delay(3000);
    }
  }
  const nginx = peers.find(({ name }) => name === 'nginx-rtmp');
  console.log(`Per cent of one core and MB, over ${measureMs / 1000} s`);
  console.table(
    [...uses].flatMap(([peer, rows]) =>
      rows.map(({ publishers, cpu, bytes }, index) => {
        const reference = nginx && uses.get(nginx)?.[index]?.cpu;
        const base = rows[0]?.bytes ?? 0;
        return {
          server: peer.name,
          publishers,
          'CPU %': Number(cpu.toFixed(1)),
          MB: Math.round(bytes / 1e6),
          ...(publishers > 0 && {
            'CPU % each': Number((cpu / publishers).toFixed(2)),
            'MB each': Number(((bytes - base) / 1e6 / publishers).toFixed(1)),
            'publishers per core': Math.floor((publishers * 100) / cpu),
            ...(reference && { 'CPU / nginx': Number((cpu / reference).toFixed(1)) }),
          }),
        };
      }),
    ),
  );
} finally {
  for (const peer of peers) await peer.stop();
  await rm(folder, { recursive: true, force: true });
}
