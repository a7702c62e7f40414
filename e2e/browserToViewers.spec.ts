import { expect, test } from '@playwright/test';
import { Broadcaster } from './drivers/broadcaster.ts';
import { Producer, until } from './drivers/producer.ts';
import { readBack } from './drivers/readBack.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { Viewer } from './drivers/viewer.ts';

test.describe('a broadcast from the browser', () => {
  let server: ServerUnderTest;
  let producer: Producer;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
  });
  test.afterAll(() => server.stop());

  test('goes from the studio’s camera to a viewer, with picture and sound', async ({ page, context }) => {
    const entry = await producer.createLiveEntry();
    const broadcaster = new Broadcaster(page, server);
    await broadcaster.prepare(entry.id);
    await broadcaster.goLive();
    await producer.waitForState(entry.id, 'live', 30_000);
    await broadcaster.waitUntilOnAir();

    const viewer = new Viewer(await context.newPage());
    await viewer.open(`${entry.playback.embed}?engine=hlsjs&muted=1`);
    const playing = await viewer.waitUntilPlaying(3);
    expect(playing.error).toBeNull();
    expect(playing.audioBytes).toBeGreaterThan(0);
    expect(playing.width).toBeGreaterThanOrEqual(640);
    expect(viewer.errors).toEqual([]);

    const read = await readBack(entry.playback.hls ?? '', 4);
    expect(read.complaints).toBe('');
    expect(read.videoFrames).toBeGreaterThan(40);
    expect(read.audioSeconds).toBeGreaterThan(3.5);

    await broadcaster.end();
    const { state } = await until(async () => {
      const now = await producer.entry(entry.id);
      return now.state === 'live' ? undefined : now;
    }, 'the broadcast to stop');
    expect(['interrupted', 'ended']).toContain(state);
  });

  test('has segments of about two seconds, and one period, although nobody set a key-frame interval', async ({
    page,
  }) => {
    const entry = await producer.createLiveEntry();
    const broadcaster = new Broadcaster(page, server);
    await broadcaster.prepare(entry.id);
    await broadcaster.goLive();
    const durations = await until(
      async () => {
        const text = await (await fetch((entry.playback.hls ?? '').replace('master.m3u8', 'v0.m3u8'))).text();
        const found = [...text.matchAll(/EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds));
        return found.length >= 6 ? found : undefined;
      },
      'six segments',
      40_000,
    );
    for (const seconds of durations.slice(1)) {
      expect(seconds).toBeGreaterThan(1.4);
      expect(seconds).toBeLessThan(3);
    }
    await broadcaster.end();
  });
});
