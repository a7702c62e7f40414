import { expect, test } from '@playwright/test';
import { Encoder } from './drivers/encoder.ts';
import { Producer, until } from './drivers/producer.ts';
import { readBack } from './drivers/readBack.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { Viewer } from './drivers/viewer.ts';

async function sizesOffered(hls: string): Promise<string[]> {
  const master = await (await fetch(hls)).text();
  return [...master.matchAll(/#EXT-X-STREAM-INF:.*RESOLUTION=(\d+x\d+)/g)].map(([, size]) => size ?? '');
}

test('several streams of one encoder are one adaptive set, and one that is lost leaves the others playing', async ({
  page,
}) => {
  const server = await ServerUnderTest.start();
  const producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry();
  const hls = entry.playback.hls ?? '';
  const encoder = Encoder.publishSeveral(entry, ['640x360', '480x270', '320x180']);
  await producer.waitForState(entry.id, 'live');
  const offered = await until(async () => {
    const sizes = await sizesOffered(hls);
    return sizes.length === 3 ? sizes : undefined;
  }, 'three variants');
  expect(offered).toEqual(expect.arrayContaining(['640x360', '480x270', '320x180']));

  for (const track of ['v0', 'v1', 'v2']) {
    const read = await readBack(hls.replace('master.m3u8', `${track}.m3u8`), 4, { audio: false });
    expect(read.complaints).toBe('');
    expect(read.videoFrames).toBeGreaterThanOrEqual(98);
  }
  const viewer = new Viewer(page);
  await viewer.open(`${entry.playback.embed}?engine=hlsjs&muted=1`);
  await viewer.waitUntilPlaying(2);
  await encoder.stop();

  const fewer = Encoder.publishSeveral(entry, ['640x360', '480x270']);
  await until(async () => ((await sizesOffered(hls)).length === 2 ? true : undefined), 'two variants', 30_000);
  const { time } = (await viewer.picture()) ?? { time: 0 };
  await until(async () => (((await viewer.picture())?.time ?? 0) > time + 3 ? true : undefined), 'playback to go on');
  expect(viewer.errors).toEqual([]);
  await fewer.stop();
  await server.stop();
});

test('a second stream whose key frames do not fit is refused with advice, and the first goes on', async () => {
  const server = await ServerUnderTest.start();
  const producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry();
  const { ingest } = entry;
  const first = Encoder.publish(entry);
  await producer.waitForState(entry.id, 'live');
  const second = Encoder.publishTo(`${ingest?.primaryUrl}/${entry.id}_2`, { size: '480x270', keyFrameSeconds: 3.4 });
  expect(await second.ended).not.toBe(0);
  const { events } = await producer.call<{ events: { kind: string; message: string }[] }>(
    'GET',
    `/entries/${entry.id}/ingest`,
  );
  expect(events.find(({ kind, message }) => kind === 'lost' && message.includes('key frames'))).toBeDefined();
  expect((await producer.entry(entry.id)).state).toBe('live');
  await first.stop();
  await server.stop();
});
