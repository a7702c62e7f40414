import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { makeChangingRecording } from './drivers/changingRecording.ts';
import { Encoder } from './drivers/encoder.ts';
import { HdsViewer } from './drivers/hdsViewer.ts';
import { Producer, until } from './drivers/producer.ts';
import { readBack } from './drivers/readBack.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { SmoothViewer } from './drivers/smoothViewer.ts';
import { soundsInDash, soundsInHls } from './drivers/soundFormats.ts';
import { Viewer } from './drivers/viewer.ts';

/** Periods that differ in nothing are taken as one. */
const changesOf = (values: readonly string[]) => values.filter((value, index) => value !== values[index - 1]);

test('an encoder that changes size, frame rate and sound within one connection keeps its viewers', async ({
  browser,
}) => {
  const directory = await mkdtemp(join(tmpdir(), 'tallylight-changes-'));
  const server = await ServerUnderTest.start();
  try {
    const producer = await Producer.signIn(server);
    const entry = await producer.createLiveEntry();
    const path = await makeChangingRecording(
      directory,
      [
        { size: '480x270', frameRate: 25, sampleRate: 48_000, channels: 2 },
        { size: '270x480', frameRate: 30, sampleRate: 48_000, channels: 1 },
        { size: '320x180', frameRate: 15, sampleRate: 44_100, channels: 2 },
      ],
      7,
    );
    const encoder = Encoder.publishFile(entry, path);
    await producer.waitForState(entry.id, 'live');
    const watch = async (engine: string): Promise<void> => {
      const viewer = new Viewer(await browser.newPage());
      await viewer.open(`${entry.playback.embed}?engine=${engine}&muted=1`);
      await viewer.waitUntilPlaying(1);
      for (const width of [270, 320]) {
        const seen = async () => ((await viewer.picture())?.width === width ? true : undefined);
        await until(seen, `a picture ${width} wide with ${engine}`, 40_000);
      }
      const before = (await viewer.picture())!;
      const after = await viewer.waitUntilPlaying(1.5);
      expect(after.audioBytes).toBeGreaterThan(before.audioBytes);
      expect(after.error).toBeNull();
      expect(viewer.errors).toEqual([]);
    };
    const watchSmooth = async (): Promise<void> => {
      const page = await browser.newPage({ bypassCSP: true });
      const viewer = new SmoothViewer(page);
      const manifest = entry.playback.mss ?? '';
      await until(async () => (await fetch(manifest)).ok || undefined, 'chunks');
      await viewer.open(manifest);
      await viewer.waitUntilPlaying(1);
      const seen = async () => ((await viewer.picture())?.width === 320 ? true : undefined);
      await until(seen, 'the last picture in Smooth Streaming', 40_000);
      await viewer.waitUntilPlaying(1);
      expect(await viewer.complaints()).toEqual([]);
    };
    await Promise.all([...['hlsjs', 'shaka'].map(watch), watchSmooth()]);
    const { items } = await producer.call<{ items: unknown[] }>('GET', `/entries/${entry.id}/broadcasts`);
    expect(items).toHaveLength(1);
    await encoder.stop();
    await producer.call('POST', `/entries/${entry.id}/end`);
    const { hls, dash, hds } = entry.playback;
    const sounds = ['48000/2', '48000/1', '44100/2'];
    expect(changesOf(await soundsInHls(hls ?? ''))).toEqual(sounds);
    expect(changesOf(await soundsInDash(dash ?? ''))).toEqual(sounds);
    const flash = await HdsViewer.open(hds ?? '');
    const { fragments } = await flash.bootstrap();
    const file = join(directory, 'hds.flv');
    await writeFile(file, await flash.flv(fragments));
    const read = await readBack(file, 60);
    expect(read.complaints).toBe('');
    expect(read.videoFrames).toBeGreaterThan(6 * (25 + 30 + 15));
    expect(read.audioSeconds).toBeGreaterThan(3 * 6);
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
});
