import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readTrackInit } from '../../server/media/mp4/initSegment.ts';
import { scanFragments } from '../../server/media/mp4/scanFragments.ts';
import { openServerDatabase } from '../../server/openServerDatabase.ts';
import { unpackTracks } from '../../server/segments/packTracks.ts';
import type { LiveEntry, Playback } from '../../shared/model/entry.ts';
import { Encoder } from './encoder.ts';
import { Producer, until } from './producer.ts';
import type { ServerUnderTest } from './server.ts';

const checkStore = fileURLToPath(new URL('../../server/checkStore.ts', import.meta.url));

export interface Kill {
  /** From the first segment of this run of the server to the kill. */
  readonly afterMs: number;
  /** Whole fragments on the disk when the server was dead, and those that the recording has of them after the next start. */
  readonly fragmentsOnDisk: number;
  readonly fragmentsKept: number;
  /** Fragments of which only a part had been written. */
  readonly tornFragments: number;
  /** From the end of what is kept to the kill: what was on its way through ffmpeg and the segmenter. */
  readonly mediaLostMs: number;
}

export interface KilledRecording {
  readonly entry: LiveEntry;
  readonly recordedId: string;
  readonly playback: Playback;
  /** Address of the recorded entry's HLS. */
  readonly hls: string;
  /** What `npm run check-store` said after the end. */
  readonly checked: string;
  readonly checkExitCode: number;
}

/** Records an encoder that comes back each time, kills the server (SIGKILL) after the given times, and ends the broadcast. */
export async function killWhileRecording(
  server: ServerUnderTest,
  delaysMs: readonly number[],
  onKill: (kill: Kill) => void = () => {},
): Promise<KilledRecording> {
  let producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry({ recording: 'append' });
  for (const delayMs of delaysMs) {
    const encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live', 60_000);
    await wait(delayMs);
    await server.end('SIGKILL');
    const killedAtMs = Date.now();
    await encoder.ended;
    const onDisk = await countOnDisk(join(server.dataDir, 'media'));
    await server.run();
    producer = await Producer.signIn(server);
    const kept = await countKept(server.dataDir);
    onKill({
      afterMs: delayMs,
      fragmentsOnDisk: onDisk.whole,
      fragmentsKept: kept.fragments,
      tornFragments: onDisk.torn,
      mediaLostMs: killedAtMs - kept.endMs,
    });
  }
  const last = Encoder.publish(entry);
  await producer.waitForState(entry.id, 'live', 60_000);
  await wait(3000);
  await producer.call('POST', `/entries/${entry.id}/end`);
  await last.stop();
  const recordedId = await until(async () => {
    const { recorded } = await producer.entry(entry.id);
    return recorded && !recorded.active ? (recorded.entryId ?? undefined) : undefined;
  }, 'the recording to end');
  const { playback } = await producer.entry(recordedId);
  const { exitCode, said } = await check(server.dataDir);
  return { entry, recordedId, playback, hls: playback.hls ?? '', checked: said, checkExitCode: exitCode };
}

/** Every file that the dead server had been writing, read by its boxes. */
async function countOnDisk(directory: string): Promise<{ whole: number; torn: number }> {
  let whole = 0;
  let torn = 0;
  for (const file of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!file.name.endsWith('.m4s')) continue;
    const bytes = await readFile(join(file.parentPath, file.name));
    const fragments = scanFragments(bytes, readTrackInit(await readFile(join(file.parentPath, 'init.mp4'))));
    whole += fragments.length;
    if (fragments.reduce((sum, fragment) => sum + fragment.bytes, 0) < bytes.length) torn++;
  }
  return { whole, torn };
}

async function countKept(dataDir: string): Promise<{ fragments: number; endMs: number }> {
  const database = await openServerDatabase(dataDir);
  try {
    const rows = await database.selectFrom('segments').selectAll().orderBy('sequence').execute();
    const last = rows.at(-1);
    return {
      fragments: rows
        .flatMap(({ tracks }) => Object.values(unpackTracks(tracks)))
        .reduce((count, { fragments }) => count + fragments.length, 0),
      endMs: last ? last.wall_clock_ms + last.duration_ms : 0,
    };
  } finally {
    await database.destroy();
  }
}

function check(dataDir: string): Promise<{ exitCode: number; said: string }> {
  const env = { ...process.env, DATA_DIR: dataDir };
  return new Promise((resolve) => {
    execFile(process.execPath, [checkStore], { env }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });
}
