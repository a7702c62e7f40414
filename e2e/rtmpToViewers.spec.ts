import { expect, test } from '@playwright/test';
import { Encoder } from './drivers/encoder.ts';
import { Producer, until } from './drivers/producer.ts';
import { readBack } from './drivers/readBack.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { Viewer } from './drivers/viewer.ts';

test.describe('a broadcast from an encoder', () => {
  let server: ServerUnderTest;
  let producer: Producer;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
  });
  test.afterAll(() => server.stop());

  test('is read by ffmpeg as HLS and as DASH, whole and without complaint', async () => {
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    for (const url of [entry.playback.hls, entry.playback.dash]) {
      const read = await readBack(url ?? '', 4);
      expect(read.complaints).toBe('');
      expect(read).toMatchObject({ width: 640, height: 360 });
      expect(read.videoFrames).toBeGreaterThanOrEqual(98);
      expect(read.audioSeconds).toBeGreaterThan(3.8);
    }
    await encoder.stop();
  });

  test('is offered as source and three smaller renditions by Cloud Transcode', async ({ request }) => {
    const entry = await producer.createLiveEntry({ profileId: 'cloud' });
    const encoder = Encoder.publish(entry, { size: '1280x720', videoBitrateKbps: 1500 });
    await producer.waitForState(entry.id, 'live');
    const master = await (await request.get(entry.playback.hls ?? '')).text();
    const sizes = [...master.matchAll(/#EXT-X-STREAM-INF:.*RESOLUTION=(\d+x\d+)/g)].map(([, size]) => size);
    expect(new Set(sizes)).toEqual(new Set(['1280x720', '640x360', '480x270']));
    expect(sizes).toHaveLength(4);
    expect(master).toMatch(/#EXT-X-MEDIA:TYPE=AUDIO/);
    await encoder.stop();
  });

  for (const engine of ['hlsjs', 'shaka']) {
    test(`plays in the browser with ${engine}, can be rewound, and goes back to live`, async ({ page }) => {
      const entry = await producer.createLiveEntry();
      const encoder = Encoder.publish(entry);
      await producer.waitForState(entry.id, 'live');
      const viewer = new Viewer(page);
      await viewer.open(`${entry.playback.embed}?engine=${engine}&muted=1`);
      const playing = await viewer.waitUntilPlaying(2);
      expect(playing).toMatchObject({ width: 640, height: 360, error: null });
      expect(playing.audioBytes).toBeGreaterThan(0);
      await until(
        async () => ((await viewer.picture())?.seekableEnd ?? 0) - playing.seekableStart > 16 || undefined,
        'DVR',
      );

      await viewer.seekTo(playing.seekableStart + 1);
      const rewound = await viewer.waitUntilPlaying(1);
      expect(rewound.seekableEnd - rewound.time).toBeGreaterThan(8);
      await expect(page.locator('.tally-behind')).toHaveText(/-0:\d\d/);

      await page.getByRole('button', { name: /live/i }).click();
      await expect(page.locator('.tally-behind')).toHaveText('');
      const back = await viewer.waitUntilPlaying(1);
      expect(back.time).toBeGreaterThan(rewound.time + 4);
      expect(viewer.errors).toEqual([]);
      await encoder.stop();
    });
  }

  test('appears by itself on a watch page that was opened before it began', async ({ page }) => {
    const entry = await producer.createLiveEntry({ name: 'Town hall <b>meeting</b>' });
    await page.goto(entry.playback.watch);
    await expect(page.getByRole('heading', { name: 'Town hall <b>meeting</b>' })).toBeVisible();
    await expect(page.getByText('Offline').first()).toBeVisible();
    const encoder = Encoder.publish(entry);
    const viewer = new Viewer(page);
    await viewer.waitUntilPlaying(1);
    await expect(page.locator('#state')).toHaveText('Live');
    await encoder.stop();
    await expect(page.locator('#state')).toHaveText('Interrupted');
    await producer.call('POST', `/entries/${entry.id}/end`);
    await expect(page.locator('#state')).toHaveText('Ended');
    expect(viewer.errors).toEqual([]);
  });

  test('goes on for a viewer whose broadcaster dropped and came back with another size', async ({ page }) => {
    const entry = await producer.createLiveEntry();
    const first = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    const viewer = new Viewer(page);
    await viewer.open(`${entry.playback.embed}?engine=hlsjs&muted=1`);
    await viewer.waitUntilPlaying(1);
    await first.stop('SIGKILL');
    await producer.waitForState(entry.id, 'interrupted');
    const second = Encoder.publish(entry, { size: '480x270' });
    await producer.waitForState(entry.id, 'live');
    await until(async () => ((await viewer.picture())?.width === 480 ? true : undefined), 'the new picture', 40_000);
    await viewer.waitUntilPlaying(1);
    expect(viewer.errors).toEqual([]);
    const { total } = await producer.call<{ total: number }>('GET', `/entries/${entry.id}/broadcasts`);
    expect(total).toBe(1);
    await second.stop();
  });
});
