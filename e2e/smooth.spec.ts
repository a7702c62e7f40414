import { expect, test } from '@playwright/test';
import { Encoder } from './drivers/encoder.ts';
import { Producer, until } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { SmoothViewer } from './drivers/smoothViewer.ts';

// The player is put into a page of the server's.
test.use({ bypassCSP: true });

test.describe('Smooth Streaming', () => {
  let server: ServerUnderTest;
  let producer: Producer;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
  });
  test.afterAll(() => server.stop());

  test('of a broadcast from an encoder plays live, from the beginning of the window, and after the end', async ({
    page,
  }) => {
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    const manifest = entry.playback.mss ?? '';
    await until(async () => (await fetch(manifest)).ok || undefined, 'a chunk');

    const viewer = new SmoothViewer(page);
    await viewer.open(manifest);
    const live = await viewer.waitUntilPlaying(6);
    expect(live).toMatchObject({ width: 640, height: 360, error: null });
    expect(live.audioBytes).toBeGreaterThan(0);

    await viewer.seekTo(1);
    const rewound = await viewer.waitUntilPlaying(1);
    expect(rewound.time).toBeLessThan(live.time);
    expect(await viewer.complaints()).toEqual([]);

    // Only a little of what is asked for has been broadcast.
    await viewer.open(`${manifest}?start=${Date.now() - 6000}`);
    await viewer.waitUntilPlaying(6);
    expect(await viewer.complaints()).toEqual([]);

    await encoder.stop();
    await producer.call('POST', `/entries/${entry.id}/end`);
    await until(async () => !(await (await fetch(manifest)).text()).includes('IsLive') || undefined, 'the end');
    await viewer.open(manifest);
    const ended = await viewer.waitUntilPlaying(1);
    expect(ended.seekableStart).toBe(0);
    expect(ended.seekableEnd).toBeGreaterThan(live.time);
    await viewer.seekTo(ended.seekableEnd - 3);
    await viewer.waitUntilEnded();
    expect(await viewer.complaints()).toEqual([]);
    expect(viewer.errors).toEqual([]);
  });
});
