import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Encoder } from './drivers/encoder.ts';
import { HdsViewer } from './drivers/hdsViewer.ts';
import { Producer, until } from './drivers/producer.ts';
import { readBack } from './drivers/readBack.ts';
import { ServerUnderTest } from './drivers/server.ts';

test.describe('HDS', () => {
  let server: ServerUnderTest;
  let producer: Producer;
  let directory: string;

  test.beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hds-'));
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
  });
  test.afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test('of a broadcast from an encoder plays at the edge, back in the DVR, and to the end', async () => {
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    const viewer = await HdsViewer.open(entry.playback.hds ?? '');
    expect(viewer.streamType).toBe('live');
    const window = await until(async () => {
      const bootstrap = await viewer.bootstrap();
      return bootstrap.fragments.length >= 3 ? bootstrap : undefined;
    }, 'three fragments');
    expect(window.live).toBe(true);

    for (const number of [window.fragments.at(-1)!, window.fragments[0]!]) {
      const file = join(directory, `${number}.flv`);
      await writeFile(file, await viewer.flv([number]));
      const read = await readBack(file, 10);
      expect(read.complaints).toBe('');
      expect(read).toMatchObject({ width: 640, height: 360 });
      expect(read.videoFrames).toBeGreaterThanOrEqual(45);
      expect(read.audioSeconds).toBeGreaterThan(1.8);
    }

    await encoder.stop();
    await producer.call('POST', `/entries/${entry.id}/end`);
    const ended = await viewer.bootstrap();
    expect(ended).toMatchObject({ live: false, ended: true });
    expect((await HdsViewer.open(entry.playback.hds ?? '')).streamType).toBe('recorded');
    const file = join(directory, 'all.flv');
    await writeFile(file, await viewer.flv(ended.fragments));
    const { complaints, videoFrames } = await readBack(file, 60);
    expect(complaints).toBe('');
    // The last one is as long as the encoder happened to send.
    expect(videoFrames).toBeGreaterThan((ended.fragments.length - 1) * 48);
  });
});
