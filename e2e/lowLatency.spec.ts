import { expect, test } from '@playwright/test';
import { Encoder } from './drivers/encoder.ts';
import { PlaylistWatch } from './drivers/playlistWatch.ts';
import { Producer, until } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';

test('low latency outlives a microphone that is off for five seconds, in playlists that keep every rule', async () => {
  const server = await ServerUnderTest.start();
  const producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry();
  const master = entry.playback.hls ?? '';
  const sound = master.replace('master.m3u8', 'a0.m3u8');
  const watch = new PlaylistWatch(master.replace('master.m3u8', 'v0.m3u8'));
  const encoder = Encoder.publish(entry, { seconds: 18, muted: [6, 11] });
  try {
    await producer.waitForState(entry.id, 'live');
    const segmentsOfSound = async () => [...(await (await fetch(sound)).text()).matchAll(/^#EXTINF:.*/gm)].length;
    await until(async () => ((await segmentsOfSound()) >= 8 ? true : undefined), 'eight segments of sound', 30_000);
  } finally {
    watch.stop();
    await encoder.stop();
  }
  expect(watch.complaints).toEqual([]);
  expect(watch.shortParts).toEqual([]);
  expect(watch.looks).toBeGreaterThan(20);
  expect(watch.longestPartHoldBack).toBeLessThanOrEqual(1.2);
  await server.stop();
});
