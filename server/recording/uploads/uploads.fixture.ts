import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { VideoFacts } from '../../../shared/model/entry.ts';
import { Entries } from '../../catalog/entries.ts';
import { catalogMigrations, type CatalogTables } from '../../catalog/migrations.ts';
import { Profiles } from '../../catalog/profiles.ts';
import { openDatabase } from '../../database.ts';
import { RefusedError } from '../../errors.ts';
import { listen, sendRefusal } from '../../http.ts';
import { Listeners } from '../../listeners.ts';
import { createLog } from '../../log.ts';
import { createSegmentStore } from '../../segments/createSegmentStore.ts';
import { segmentMigrations } from '../../segments/segmentMigrations.ts';
import type { SegmentTables } from '../../segments/segmentTables.ts';
import { FfmpegTasks } from '../../transcode/ffmpegTask.ts';
import { UploadRows } from './uploadRows.ts';
import { uploadMigrations, type UploadTables } from './uploadTables.ts';
import { Uploads } from './uploads.ts';

const run = promisify(execFile);
const path = '/api/v1/uploads';
const maxBytes = 100e6;

/** A test picture and a tone, or `from`, in whatever the arguments make of it. Its path. */
export async function makeFile(directory: string, name: string, args: string, from?: string, seconds = 4) {
  const file = join(directory, name);
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=320x240:rate=30:duration=${seconds}`];
  const sound = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`];
  const inputs = from ? ['-i', from] : [...picture, ...sound];
  const pixels =
    args.includes('copy') || args.includes('pix_fmt') || args.includes('-vn') ? [] : ['-pix_fmt', 'yuv420p'];
  const channels = args.includes('-c:a') ? ['-ac', '2'] : [];
  await run('ffmpeg', ['-v', 'error', '-y', ...inputs, ...args.split(' '), ...pixels, ...channels, file]);
  return file;
}

class ScriptedDisk {
  readonly #changed = new Listeners<boolean>();
  freeBytes: number | undefined = 1e9;
  isLow = false;

  set(isLow: boolean): void {
    this.isLow = isLow;
    this.#changed.tell(isLow);
  }
  onChanged(listener: (isLow: boolean) => void): () => void {
    return this.#changed.add(listener);
  }
}

/** Uploads over real HTTP, a real store, a real catalog and a real ffmpeg. */
export async function makeUploads() {
  const directory = await mkdtemp(join(tmpdir(), 'tallylight-uploads-'));
  const files = join(directory, 'uploads');
  const mediaDirectory = join(directory, 'media');
  const log = createLog('silent', false);
  const clock = { offsetMs: 0 };
  const now = () => Date.now() + clock.offsetMs;
  const disk = new ScriptedDisk();
  const database = await openDatabase<CatalogTables & SegmentTables & UploadTables>(join(directory, 'test.db'), {
    ...catalogMigrations,
    ...segmentMigrations,
    ...uploadMigrations,
  });
  const entries = new Entries(database, { now });
  const profiles = new Profiles(database, { now });
  const small = { name: 'Small', width: 160, height: 0, videoBitrateKbps: 200, h264Profile: 'main' } as const;
  const about = { name: 'Two', description: '', keepsSource: true, isDefault: true };
  await profiles.create({ ...about, flavors: [small], audioBitrateKbps: 96 });

  const openStages = async () => {
    const store = await createSegmentStore({ directory: mediaDirectory, database, log });
    const tasks = new FfmpegTasks({ ffmpegPath: 'ffmpeg', running: 2 });
    const uploads = await Uploads.open({
      directory: files,
      path,
      maxBytes,
      floorBytes: 1000,
      catalog: entries,
      profiles,
      store,
      tasks,
      ffprobePath: 'ffprobe',
      disk,
      rows: new UploadRows(database),
      now,
      log,
    });
    const close = async () => {
      await uploads.close();
      await tasks.close();
      await store.close();
    };
    return { store, uploads, close };
  };
  let stages = await openStages();

  const server = createServer((request, response) => {
    const userId = String(request.headers['x-user'] ?? 'u1');
    stages.uploads.handle(request, response, { userId, name: 'Ada' }).catch((error: unknown) => {
      if (error instanceof RefusedError) sendRefusal(response, error.refusal);
      else response.destroy();
    });
  });
  const base = `http://localhost:${await listen(server, 0, 'HTTP_PORT')}`;
  const url = base + path;

  const ask = (method: string, address: string, headers: Record<string, string> = {}) =>
    fetch(address, { method, headers: { 'Tus-Resumable': '1.0.0', ...headers } });

  const begin = async (size: number, metadata: Record<string, string> = { filename: 'a file.mp4' }) => {
    const pairs = Object.entries(metadata).map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`);
    const answer = await ask('POST', url, { 'Upload-Length': String(size), 'Upload-Metadata': pairs.join(',') });
    const location = answer.headers.get('location');
    if (answer.status !== 201 || !location) throw new Error(`not begun: ${answer.status} ${await answer.text()}`);
    return base + location;
  };

  const send = async (address: string, file: string, offset = 0) => {
    const body = (await readFile(file)).subarray(offset);
    const type = 'application/offset+octet-stream';
    const headers = { 'Tus-Resumable': '1.0.0', 'Content-Type': type, 'Upload-Offset': String(offset) };
    const answer = await fetch(address, { method: 'PATCH', headers, body });
    const text = await answer.text();
    return {
      status: answer.status,
      entryId: answer.headers.get('upload-entry') ?? '',
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  };

  const until = async (entryId: string, met: (video: VideoFacts) => boolean): Promise<VideoFacts> => {
    const { promise, resolve } = Promise.withResolvers<VideoFacts>();
    const look = async () => {
      const video = (await entries.get(entryId))?.video;
      if (video && met(video)) resolve(video);
    };
    const stop = entries.onChanged((id) => void (id === entryId && look()));
    await look();
    return await promise.finally(stop);
  };

  return {
    directory,
    files,
    url,
    maxBytes,
    clock,
    disk,
    entries,
    ask,
    begin,
    send,
    until,
    get store() {
      return stages.store;
    },
    get uploads() {
      return stages.uploads;
    },
    upload: async (file: string, metadata?: Record<string, string>) =>
      await send(await begin((await readFile(file)).length, metadata), file),
    /** Sends the first bytes, then is gone. */
    cutOff: async (address: string, file: string, bytes: number) => {
      const whole = await readFile(file);
      await new Promise<void>((resolve) => {
        const sending = httpRequest(address, {
          method: 'PATCH',
          headers: {
            'Tus-Resumable': '1.0.0',
            'Content-Type': 'application/offset+octet-stream',
            'Upload-Offset': '0',
            'Content-Length': whole.length,
          },
        });
        sending.on('error', () => resolve());
        sending.write(whole.subarray(0, bytes), () => setTimeout(() => sending.destroy(new Error('cut')), 100));
      });
    },
    offset: async (address: string) => Number((await ask('HEAD', address)).headers.get('upload-offset')),
    randomFile: async (name: string, bytes: number) => {
      const file = join(directory, name);
      await writeFile(file, randomBytes(bytes));
      return file;
    },
    finished: (entryId: string) => until(entryId, ({ status }) => status !== 'processing'),
    /** Timelines there are files of. */
    media: async () => (await readdir(mediaDirectory)).toSorted(),
    /** Those that videos are made of. */
    mediaOfVideos: async () => {
      const { items } = await entries.list({ pageSize: 100 });
      const ids = items.map(async ({ id }) => {
        const timeline = await stages.store.composed(id);
        return timeline ? stages.store.rangesOf(timeline, 0, Infinity).map(({ timelineId }) => timelineId) : [];
      });
      return (await Promise.all(ids)).flat().toSorted();
    },
    restart: async () => {
      await stages.close();
      stages = await openStages();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await stages.close();
      await database.destroy();
      await rm(directory, { recursive: true });
    },
  };
}

export type MadeUploads = Awaited<ReturnType<typeof makeUploads>>;
