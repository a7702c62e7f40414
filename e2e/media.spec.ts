import { expect, test } from '@playwright/test';
import { Encoder, type EncoderSettings } from './drivers/encoder.ts';
import { Producer, until } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { Viewer } from './drivers/viewer.ts';

test.describe('a broadcast that loses a part of its media', () => {
  let server: ServerUnderTest;
  let producer: Producer;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
  });
  test.afterAll(() => server.stop());

  const losses: { what: string; engine: string; settings: EncoderSettings }[] = [
    { what: 'sound', engine: 'hlsjs', settings: { soundSeconds: 7 } },
    { what: 'picture', engine: 'shaka', settings: { pictureSeconds: 7 } },
  ];
  for (const { what, engine, settings } of losses) {
    test(`goes on for a viewer with ${engine} when the encoder’s ${what} stops`, async ({ page }) => {
      const entry = await producer.createLiveEntry();
      const encoder = Encoder.publish(entry, settings);
      await producer.waitForState(entry.id, 'live');
      const viewer = new Viewer(page);
      await viewer.open(`${entry.playback.embed}?engine=${engine}&muted=1`);
      await viewer.waitUntilPlaying(1);
      const picture = await until(
        async () => {
          const now = await viewer.picture();
          return now && now.time > 13 ? now : undefined;
        },
        'playback to go on past the loss',
        40_000,
      );
      expect(picture.error).toBeNull();
      expect(viewer.errors).toEqual([]);
      await encoder.stop();
    });
  }

  test('goes on for a viewer whose encoder comes back without its camera, and later with it', async ({ page }) => {
    const entry = await producer.createLiveEntry();
    const first = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    const viewer = new Viewer(page);
    await viewer.open(`${entry.playback.embed}?engine=hlsjs&muted=1`);
    await viewer.waitUntilPlaying(1);
    await first.stop('SIGKILL');
    await producer.waitForState(entry.id, 'interrupted');

    const second = Encoder.publish(entry, { soundOnly: true });
    await producer.waitForState(entry.id, 'live');
    await viewer.waitUntilPlaying(8);
    await second.stop('SIGKILL');
    await producer.waitForState(entry.id, 'interrupted');

    const third = Encoder.publish(entry, { size: '480x270' });
    await producer.waitForState(entry.id, 'live');
    await until(async () => ((await viewer.picture())?.width === 480 ? true : undefined), 'the new picture', 40_000);
    await viewer.waitUntilPlaying(1);
    expect(viewer.errors).toEqual([]);
    await third.stop();
  });
});
