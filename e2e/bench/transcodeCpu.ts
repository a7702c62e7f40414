import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { openDatabase } from '../../server/database.ts';
import { createSegmentStore } from '../../server/segments/createSegmentStore.ts';
import { segmentMigrations } from '../../server/segments/segmentMigrations.ts';
import type { SegmentTables } from '../../server/segments/segmentTables.ts';
import { buildCommand } from '../../server/transcode/args.ts';
import { createTranscoder } from '../../server/transcode/ffmpegTranscoder.ts';
import { planLadder } from '../../server/transcode/ladder.ts';
import { buildArguments } from '../../server/transcode/process.ts';
import { passthrough, sourceAndThree } from '../../server/transcode/transcode.fixture.ts';
import type { Profile } from '../../shared/model/profile.ts';
import { cpuSeconds } from '../drivers/processUse.ts';

/**
 * What one broadcast of 720p30 costs, in per cent of a core, passed through and with three flavors: ffmpeg alone writing
 * files, and the transcoder with its store (ffmpeg plus this process). Both get the same FLV, paced by another process
 * that is not counted. `node e2e/bench/transcodeCpu.ts [seconds]`.
 */
const seconds = Number(process.argv[2] ?? 30);
const tracks = {
  video: { codec: 'h264', width: 1280, height: 720, frameRate: 30 },
  audio: { codec: 'aac', sampleRate: 48_000, channels: 2 },
} as const;
const inputArgs = ['-probesize', '32768', '-analyzeduration', '0', '-f', 'flv', '-i', 'pipe:0'];

/** Plays the source in real time into a pipe. */
function play(source: string): { player: ChildProcess; media: Readable } {
  const args = [
    '-v',
    'error',
    '-nostdin',
    '-stream_loop',
    '-1',
    '-re',
    '-i',
    source,
    '-c',
    'copy',
    '-f',
    'flv',
    'pipe:1',
  ];
  const player = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return { player, media: player.stdout };
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

interface Sample {
  readonly mediaSeconds: number;
  /** Seconds used so far, by process. */
  readonly used: readonly number[];
}

/** Per cent of a core for media in real time, between the first sample and the last, whatever the machine's load. */
function percents(samples: readonly Sample[]): number[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.mediaSeconds - first.mediaSeconds < seconds / 2) throw new Error('it did not keep up');
  const mediaSeconds = last.mediaSeconds - first.mediaSeconds;
  return last.used.map((used, index) => ((used - (first.used[index] ?? 0)) * 100) / mediaSeconds);
}

/** ffmpeg with nothing around it. */
async function measureBare(source: string, profile: Profile, folder: string): Promise<number[]> {
  const command = buildCommand({
    inputs: [inputArgs],
    tracks: planLadder(tracks, profile),
    offsetMs: 0,
    segmentSeconds: 2,
  });
  const outputs = command.outputs.map(({ args }, index) => ({ args, target: `file:${join(folder, `${index}.mp4`)}` }));
  const { player, media } = play(source);
  const ffmpeg = spawn('ffmpeg', ['-y', ...buildArguments({ ...command, outputs })], {
    stdio: [media, 'ignore', 'ignore', 'pipe'],
  });
  const samples: Sample[] = [];
  ffmpeg.stdio[3]?.on('data', (report: Buffer) => {
    const mediaSeconds = Number(/out_time_us=(\d+)/.exec(report.toString())?.[1] ?? 0) / 1e6;
    if (mediaSeconds > 2) samples.push({ mediaSeconds, used: [cpuSeconds(ffmpeg.pid ?? 0)] });
  });
  await delay(seconds * 1000);
  await Promise.all([end(player), end(ffmpeg)]);
  return percents(samples);
}

/** The same through the transcoder into a store: ffmpeg's share and this process's. */
async function measureTranscoder(source: string, profile: Profile, folder: string): Promise<number[]> {
  const database = await openDatabase<SegmentTables>(join(folder, 'index.db'), segmentMigrations);
  let pid = 0;
  const log = pino(
    { level: 'info' },
    { write: (line: string) => (pid ||= (JSON.parse(line) as { pid?: number }).pid ?? 0) },
  );
  const store = await createSegmentStore({ directory: join(folder, 'media'), database, log });
  const writer = await store.write({ id: 'bench', entryId: '0_bench001', epochMs: Date.now(), windowSeconds: 7200 });
  const samples: Sample[] = [];
  writer.timeline.onChanged(() => {
    const last = writer.timeline.segments.at(-1);
    if (!last) return;
    const { user, system } = process.cpuUsage();
    const mediaSeconds = (last.startMs + last.durationMs) / 1000;
    samples.push({ mediaSeconds, used: [cpuSeconds(pid), (user + system) / 1e6] });
  });
  const { player, media } = play(source);
  const close = () => Promise.resolve(void media.destroy());
  const transcode = createTranscoder({ ffmpegPath: 'ffmpeg' }).start({
    inputs: [
      {
        tracks,
        requestKeyFrame: () => undefined,
        open: () => Promise.resolve({ inputArgs, stdin: media, start: () => undefined, close }),
      },
    ],
    profile,
    writer,
    log,
    onFailure: ({ message }) => {
      throw new Error(message);
    },
  });
  await delay(seconds * 1000);
  const measured = percents(samples);
  await transcode.close();
  await end(player);
  await store.close();
  await database.destroy();
  return measured;
}

const root = await mkdtemp(join(tmpdir(), 'tallylight-bench-'));
try {
  const source = join(root, 'source.flv');
  const picture = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=1280x720:r=30,noise=alls=6:allf=t',
    '-f',
    'lavfi',
    '-i',
    'sine=r=48000',
  ];
  const coding = '-t 20 -c:v libx264 -preset veryfast -b:v 2000k -maxrate 2000k -bufsize 2000k -g 60 -c:a aac -ac 2';
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...picture, '-pix_fmt', 'yuv420p', ...coding.split(' '), source]);
  const rows: Record<string, string>[] = [];
  for (const [name, profile] of [['passthrough', passthrough] as const, ['source + 3', sourceAndThree] as const]) {
    const [bare = NaN] = await measureBare(source, profile, root);
    const [ffmpeg = NaN, server = NaN] = await measureTranscoder(source, profile, await mkdtemp(join(root, 'store-')));
    rows.push({
      '720p30': name,
      'bare ffmpeg %': bare.toFixed(1),
      'ffmpeg %': ffmpeg.toFixed(1),
      'server %': server.toFixed(1),
      'together / bare': ((ffmpeg + server) / bare).toFixed(2),
    });
  }
  console.log(`Per cent of one core over ${seconds} s`);
  console.table(rows);
} finally {
  await rm(root, { recursive: true, force: true });
}
