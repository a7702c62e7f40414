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

test('two encoders that fit play on in both engines when either is lost, and together when one returns', async ({
  browser,
}) => {
  const server = await ServerUnderTest.start();
  const producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry();
  const hls = entry.playback.hls ?? '';
  const startedAtMs = Date.now();
  /** As encoders that take their timestamps from one clock, with a key frame every two seconds of it. */
  const send = async (index: number, size: string): Promise<Encoder> => {
    const beginsAt = Math.ceil((Date.now() - startedAtMs) / 2000) * 2;
    await new Promise((resolve) => setTimeout(resolve, startedAtMs + beginsAt * 1000 - Date.now()));
    // None begins at 0, where ffmpeg moves the picture to make room for the sound's priming.
    const settings = { size, beginsAt: 2 + beginsAt };
    return Encoder.publishTo(`${entry.ingest?.primaryUrl}/${entry.id}_${index}`, settings);
  };
  const offers = (sizes: readonly string[]) =>
    until(
      async () => (await sizesOffered(hls)).toSorted().join() === sizes.toSorted().join() || undefined,
      `${sizes.join()} on offer`,
      30_000,
    );
  const [first, lost] = await Promise.all([send(1, '640x360'), send(2, '480x270')]);
  await producer.waitForState(entry.id, 'live');
  await offers(['640x360', '480x270']);
  const viewers = await Promise.all(
    ['hlsjs', 'shaka'].map(async (engine) => {
      const viewer = new Viewer(await browser.newPage());
      await viewer.open(`${entry.playback.embed}?engine=${engine}&muted=1`);
      return viewer;
    }),
  );
  const goOn = () => Promise.all(viewers.map((viewer) => viewer.waitUntilPlaying(2)));
  await goOn();

  await lost.stop('SIGKILL');
  await offers(['640x360']);
  const second = await send(2, '480x270');
  await offers(['640x360', '480x270']);
  await goOn();
  // Until three segments in a row would have shown that it does not fit.
  await viewers[0]!.waitUntilPlaying(6);
  expect(second.running).toBe(true);

  await first.stop('SIGKILL');
  await offers(['480x270']);
  await goOn();
  expect((await producer.entry(entry.id)).state).toBe('live');
  expect(viewers.flatMap(({ errors }) => errors)).toEqual([]);
  await second.stop();
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
  const again = Encoder.publishTo(`${ingest?.primaryUrl}/${entry.id}_2`, { size: '480x270' });
  expect(await again.ended).not.toBe(0);
  expect(again.output).toContain('key frames are not where');
  expect((await producer.entry(entry.id)).state).toBe('live');
  await first.stop();
  await server.stop();
});
