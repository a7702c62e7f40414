import { expect, test } from '@playwright/test';
import { ClockEncoder } from './drivers/clockEncoder.ts';
import { Producer, until } from './drivers/producer.ts';
import { readClocks } from './drivers/readClocks.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { installStallWatch, readStallWatch } from './drivers/stallWatch.ts';
import { switchHiccups } from './drivers/switchHiccups.ts';
import { Viewer } from './drivers/viewer.ts';
import { firstStreamName } from '../shared/urls.ts';
import type { LiveEntry } from '../shared/model/entry.ts';

/** 2 s at 25 frames a second. */
const segmentFrames = 50;

function urls(entry: LiveEntry): { primary: string; backup: string } {
  const { ingest } = entry;
  if (!ingest) throw new Error('the entry shows no ingest settings');
  const name = firstStreamName(ingest.streamName);
  return { primary: `${ingest.primaryUrl}/${name}`, backup: `${ingest.backupUrl}/${name}` };
}

test('viewers do not notice when the primary encoder is lost, and when it comes back', async ({ page }) => {
  const server = await ServerUnderTest.start({ PRIMARY_RETURN_SECONDS: '4' });
  const producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry();
  const { primary, backup } = urls(entry);
  const first = new ClockEncoder(primary);
  const second = new ClockEncoder(backup);
  await producer.waitForState(entry.id, 'live');

  const viewer = new Viewer(page);
  await viewer.open(`${entry.playback.embed}?engine=hlsjs&muted=1`);
  await viewer.waitUntilPlaying(3);
  const hls = (entry.playback.hls ?? '').replace('master.m3u8', 'v0.m3u8');
  const discontinuities = async () => (await (await fetch(hls)).text()).split('#EXT-X-DISCONTINUITY\n').length - 1;

  await first.stop();
  await until(async () => ((await discontinuities()) === 1 ? true : undefined), 'the backup on air');
  expect((await producer.entry(entry.id)).state).toBe('live');
  const returned = new ClockEncoder(primary);
  await until(async () => ((await discontinuities()) === 2 ? true : undefined), 'the primary on air again');
  await viewer.waitUntilPlaying(6);
  expect((await producer.entry(entry.id)).state).toBe('live');
  expect(viewer.errors).toEqual([]);

  // The backup first: it would take over once more.
  await second.stop();
  await returned.stop();
  await producer.call('POST', `/entries/${entry.id}/end`);
  const hiccups = switchHiccups(await readClocks(hls), 40);
  expect(hiccups).toHaveLength(2);
  for (const { missing, repeated } of hiccups) {
    expect(missing, JSON.stringify(hiccups)).toBeLessThanOrEqual(segmentFrames);
    expect(repeated, JSON.stringify(hiccups)).toBeLessThanOrEqual(segmentFrames);
  }
  await server.stop();
});

test('a primary that hangs is replaced within one segment, although its connection stays open', async () => {
  const server = await ServerUnderTest.start();
  const producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry();
  const { primary, backup } = urls(entry);
  const first = new ClockEncoder(primary);
  const second = new ClockEncoder(backup);
  await producer.waitForState(entry.id, 'live');
  first.pause();
  const { sources } = await until(async () => {
    const ingest = await producer.call<{ sources: { role: string; state: string }[] }>(
      'GET',
      `/entries/${entry.id}/ingest`,
    );
    return ingest.sources.some(({ role, state }) => role === 'backup' && state === 'onAir') ? ingest : undefined;
  }, 'the backup on air');
  expect(sources.find(({ role }) => role === 'primary')?.state).toBe('stalled');
  await first.stop();
  await second.stop();
  await server.stop();
});

test('a broadcast whose only encoder hangs is interrupted until that goes on', async () => {
  const server = await ServerUnderTest.start();
  const producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry();
  const encoder = new ClockEncoder(urls(entry).primary);
  const { broadcast } = await producer.waitForState(entry.id, 'live');
  encoder.pause();
  await producer.waitForState(entry.id, 'interrupted', 7000);
  encoder.resume();
  const again = await producer.waitForState(entry.id, 'live', 5000);
  expect(again.broadcast?.id).toBe(broadcast?.id);
  await encoder.stop();
  await server.stop();
});

test('a viewer to whom no playlist comes for ten seconds does not begin again', async ({ page }) => {
  const server = await ServerUnderTest.start();
  const producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry();
  const encoder = new ClockEncoder(urls(entry).primary);
  await producer.waitForState(entry.id, 'live');
  const viewer = new Viewer(page);
  await installStallWatch(page);
  await viewer.open(`${entry.playback.embed}?engine=hlsjs&muted=1`);
  await viewer.waitUntilPlaying(3);

  // Of picture and sound: one that waits for media, and one that does not.
  let givenUp = 0;
  page.on('requestfailed', (request) => (givenUp += request.url().includes('.m3u8') ? 1 : 0));
  const { promise: comeAgain, resolve: letCome } = Promise.withResolvers<void>();
  await page.route(/\.m3u8/, async (route) => {
    await comeAgain;
    // It may have been given up.
    await route.continue().catch(() => undefined);
  });
  await until(() => Promise.resolve(givenUp >= 4 || undefined), 'four playlists to be given up');
  letCome();
  await viewer.waitUntilPlaying(3);
  expect((await readStallWatch(page)).reloads).toBe(0);
  await encoder.stop();
  await server.stop();
});
