import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../errors.ts';
import { createLog } from '../../log.ts';
import { makeDirectory, removeDirectory } from '../../segments/openedStore.fixture.ts';
import { countersIn, soundIn, soundOffset, storeCounted, sweepAt } from '../clips/countedMedia.fixture.ts';
import { openClips, type OpenedClips } from '../clips/openedClips.fixture.ts';
import { Downloads, type Download } from './downloads.ts';

const run = promisify(execFile);
const frameMs = 1000 / 30;
let root: string;
let opened: OpenedClips;
let downloads: Downloads;
let files = 0;

beforeAll(async () => {
  root = await makeDirectory();
  opened = await openClips(root);
  downloads = new Downloads({
    playing: async (entryId) => (await opened.store.composed(entryId)) ?? opened.store.latest(entryId),
    nameOf: async (entryId) => (await opened.entries.get(entryId))?.name,
    log: createLog('silent', false),
  });
});

afterAll(async () => {
  await opened.close();
  await removeDirectory(root);
});

async function download(entryId: string, flavor?: string): Promise<Download & { path: string }> {
  const found = await downloads.find({ entryId, flavor });
  if (isRefusal(found)) throw new Error(found.message);
  const path = join(root, `download-${files++}.mp4`);
  const bytes = await found.bytes.buffer();
  expect(bytes).toHaveLength(found.bytes.length);
  await writeFile(path, bytes);
  return { ...found, path };
}

async function clipOf(sourceEntryId: string, ...parts: { inMs: number; outMs: number }[]): Promise<string> {
  const started = await opened.clips.create({ sourceEntryId, parts, name: 'A clip/of “it”' });
  if (isRefusal(started)) throw new Error(started.message);
  expect(await started.finished).toBeUndefined();
  return started.entryId;
}

/** What ffprobe says of each packet's time, and all that it complains about. */
async function probe(path: string) {
  const shown = 'packet=stream_index,pts,dts';
  const args = [
    '-v',
    'warning',
    '-of',
    'json',
    '-show_format',
    '-show_streams',
    '-show_entries',
    shown,
    '-show_packets',
  ];
  const { stdout, stderr } = await run('ffprobe', [...args, path], { maxBuffer: 1e8 });
  const { streams, packets, format } = JSON.parse(stdout) as {
    streams: { codec_type: string; start_time: string; duration: string; nb_frames: string; height?: number }[];
    packets: { stream_index: number; pts: number; dts: number }[];
    format: { duration: string };
  };
  return { streams, packets, durationSeconds: Number(format.duration), complaints: stderr.trim() };
}

/** Decodes all of it; what ffmpeg complains about. */
async function decodeAll(path: string): Promise<string> {
  const { stderr } = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', path, '-f', 'null', '-']);
  return stderr.trim();
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe('a download', () => {
  it('has every frame of a recording and its sound in time, with the index in front', async () => {
    const entryId = await opened.video({ seconds: 6, startMs: 3000, bFrames: 2 });
    const { path, contentType, disposition } = await download(entryId);
    expect(contentType).toBe('video/mp4');
    expect(disposition).toBe(
      `attachment; filename="What was recorded (180p).mp4"; filename*=UTF-8''What%20was%20recorded%20%28180p%29.mp4`,
    );
    expect(await countersIn(path)).toEqual(range(0, 180));
    expect(soundOffset(await soundIn(path), sweepAt, 48_000)).toBe(0);
    const { streams, packets, complaints } = await probe(path);
    expect(complaints).toBe('');
    expect(streams.map(({ start_time }) => Number(start_time))).toEqual([0, 0]);
    expect(streams.map(({ duration }) => Number(duration).toFixed(2))).toEqual(['6.00', '6.00']);
    for (const stream of [0, 1]) {
      const times = packets.filter(({ stream_index }) => stream_index === stream).map(({ dts }) => dts);
      expect(times.every((dts, index) => index === 0 || dts > times[index - 1]!)).toBe(true);
    }
  });

  it('of a clip begins and ends at its frames, in every flavor', async () => {
    const source = await opened.video({ seconds: 8, startMs: 5000, bFrames: 2 });
    const clip = await clipOf(source, { inMs: 25 * frameMs, outMs: 200 * frameMs });
    for (const flavor of ['v0', 'v1']) {
      const { path, disposition } = await download(clip, flavor);
      expect(await decodeAll(path)).toBe('');
      expect(await countersIn(path)).toEqual(range(25, 200));
      expect(disposition).toContain('A clip of “it”'.replaceAll(/[“”]/g, '_'));
      const sound = await soundIn(path);
      for (const at of [2048, 100_000, 250_000])
        expect(soundOffset(sound, (index) => sweepAt(40_000 + index), at)).toBe(0);
    }
  });

  it('of several parts is one movie, without the gaps between them', async () => {
    const source = await opened.video({ seconds: 4, startMs: 0 }, { seconds: 4, startMs: 60_000 });
    const { path } = await download(source);
    expect(await countersIn(path)).toEqual([...range(0, 120), ...range(0, 120)]);
    expect((await probe(path)).durationSeconds).toBeCloseTo(8, 1);
    const parts = [
      { inMs: 61_000, outMs: 61_500 },
      { inMs: 100, outMs: 3900 },
    ];
    const joined = await download(await clipOf(source, ...parts), 'v1');
    expect(await decodeAll(joined.path)).toBe('');
    expect(await countersIn(joined.path)).toEqual([...range(30, 45), ...range(3, 117)]);
  });

  it('of the sound alone is an M4A', async () => {
    const source = await opened.video({ seconds: 4, startMs: 0 });
    const { path, contentType, disposition } = await download(source, 'a0');
    expect([contentType, disposition.includes('(sound).m4a')]).toEqual(['audio/mp4', true]);
    expect((await probe(path)).streams.map(({ codec_type }) => codec_type)).toEqual(['audio']);
  });

  it('is what another parser expects', async () => {
    const clip = await clipOf(await opened.video({ seconds: 8, startMs: 5000, bFrames: 2 }), {
      inMs: 900,
      outMs: 5000,
    });
    const { bytes } = await download(clip);
    const whole = await bytes.buffer();
    const file = createFile();
    const buffer = MP4BoxBuffer.fromArrayBuffer(new Uint8Array(whole).buffer, 0);
    file.appendBuffer(buffer, true);
    const info = file.getInfo();
    expect(info.isFragmented).toBe(false);
    expect(info.isProgressive).toBe(true);
    expect(info.tracks.map(({ type, nb_samples }) => [type, nb_samples])).toEqual([
      ['video', 123],
      ['audio', expect.any(Number)],
    ]);
    // Every sample lies where it is said to be.
    const [video] = info.tracks;
    const samples = file.getTrackSamplesInfo(video!.id);
    for (const { offset, size } of samples) expect(whole.readUInt32BE(offset)).toBeLessThan(size);
  });

  it('can be read from anywhere', async () => {
    const source = await opened.video({ seconds: 8, startMs: 5000, bFrames: 2 });
    const { bytes } = await download(await clipOf(source, { inMs: 500, outMs: 7000 }));
    const whole = await bytes.buffer();
    let seed = 7;
    for (let count = 0; count < 40; count++) {
      seed = (seed * 48_271) % 2_147_483_647;
      const start = seed % whole.length;
      const end = Math.min(whole.length - 1, start + (seed % 70_000));
      const chunks: Buffer[] = [];
      for await (const chunk of bytes.stream({ start, end })) chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).equals(whole.subarray(start, end + 1))).toBe(true);
    }
  });

  it('is refused where there is nothing complete to keep', async () => {
    const source = await opened.video({ seconds: 4, startMs: 0 });
    const { id } = await opened.entries.create({ type: 'live', name: 'On the air' });
    await storeCounted(opened.store, { id: 'live', entryId: id, stayLive: true }, { seconds: 2 });
    const codeOf = async (entryId: string, flavor?: string) => {
      const found = await downloads.find({ entryId, flavor });
      return isRefusal(found) ? found.refused : undefined;
    };
    expect(await codeOf(id)).toBe('downloadUnfinished');
    expect(await codeOf(source, 'v7')).toBe('trackNotFound');
    expect(await codeOf('0_nothere0')).toBe('entryNotFound');
  });
});
