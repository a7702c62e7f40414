import { expect, test, type BrowserContext } from '@playwright/test';
import type { LiveEntry, VideoEntry } from '../shared/model/entry.ts';
import { Encoder } from './drivers/encoder.ts';
import { Producer, until } from './drivers/producer.ts';
import { readBack } from './drivers/readBack.ts';
import { readRuns } from './drivers/readRuns.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { msToVod } from './drivers/vodForm.ts';
import { Viewer } from './drivers/viewer.ts';

const secondsOf = (playlist: string) =>
  [...playlist.matchAll(/EXTINF:([\d.]+)/g)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);

async function playlist(entry: Pick<LiveEntry, 'playback'>): Promise<string> {
  return await (await fetch((entry.playback.hls ?? '').replace('master.m3u8', 'v0.m3u8'))).text();
}

/** Opens the entry in these engines, and marks the document, which is to stay. */
async function watch(
  context: BrowserContext,
  { playback }: LiveEntry,
  engines: readonly string[] = ['hlsjs', 'shaka'],
): Promise<Viewer[]> {
  return await Promise.all(
    engines.map(async (engine) => {
      const viewer = new Viewer(await context.newPage());
      await viewer.open(`${playback.embed}?engine=${engine}&muted=1`);
      await viewer.waitUntilPlaying(2);
      await viewer.page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
      return viewer;
    }),
  );
}

/** Resolves once all of it plays from the start, in the same document. */
async function seesFromTheStart(viewer: Viewer, { durationMs }: VideoEntry): Promise<void> {
  const { page } = viewer;
  const before = page.url();
  await until(async () => {
    const picture = await viewer.picture();
    // Nobody who watches live is as far back as this by then.
    const begins = picture && !picture.paused && picture.seekableStart === 0 && picture.time < 2;
    return begins && picture.time > 0 && picture.seekableEnd > durationMs / 1000 - 1 ? picture : undefined;
  }, 'the recording to begin');
  await viewer.waitUntilPlaying(3);
  expect(page.url()).toBe(before);
  expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true);
  expect(viewer.errors).toEqual([]);
}

test.describe('recording', () => {
  let server: ServerUnderTest;
  let producer: Producer;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
  });
  test.afterAll(() => server.stop());

  const recordings = async (entryId: string) =>
    (await producer.call<{ items: VideoEntry[] }>('GET', `/entries/${entryId}/recordings`)).items;

  /** Broadcasts until so many seconds can be played, and ends. */
  async function broadcast(entry: LiveEntry, seconds: number): Promise<void> {
    const encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    await until(async () => (secondsOf(await playlist(entry)) >= seconds ? true : undefined), `${seconds} s of media`);
    await encoder.stop();
    await producer.call('POST', `/entries/${entry.id}/end`);
  }

  test('what a page has watched live, it plays from the start when the broadcast ends, without being loaded again', async ({
    context,
  }) => {
    const entry = await producer.createLiveEntry({ recording: 'perSession', name: 'Morning show' });
    const encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    await until(async () => (secondsOf(await playlist(entry)) >= 12 ? true : undefined), '12 s of media');
    const viewers = await watch(context, entry);
    await encoder.stop();
    const targetMs = Number(/TARGETDURATION:(\d+)/.exec(await playlist(entry))?.[1]) * 1000;
    await producer.call('POST', `/entries/${entry.id}/end`);
    // One target duration, and a refresh of the manifest.
    for (const ms of Object.values(await msToVod(entry.playback))) expect(ms).toBeLessThan(targetMs + 2000);

    const [recording] = await recordings(entry.id);
    await Promise.all(viewers.map((viewer) => seesFromTheStart(viewer, recording!)));
    await Promise.all(viewers.map(({ page }) => page.close()));
    expect(recording).toMatchObject({ name: 'Morning show 1', status: 'ready', origin: 'recording' });
    const [own, live] = await Promise.all([playlist(recording!), playlist(entry)]);
    for (const text of [own, live]) {
      expect(text).toContain('#EXT-X-ENDLIST');
      expect(text).toContain('#EXT-X-PLAYLIST-TYPE:VOD');
      expect(secondsOf(text)).toBeCloseTo(recording!.durationMs / 1000, 0);
    }
    expect(await (await fetch(entry.playback.dash ?? '')).text()).toContain('type="static"');
    expect(recording!.sizeBytes).toBeGreaterThan(100_000);
    await until(async () => ((await producer.entry(entry.id)).plays >= 1 ? true : undefined), 'plays', 30_000);
  });

  test('pages that stay open are live again with the next broadcast, and play both when that has ended', async ({
    context,
  }) => {
    const entry = await producer.createLiveEntry({ recording: 'append' });
    let encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    const viewers = await watch(context, entry);
    const endWith = async (seconds: number) => {
      await until(async () => (secondsOf(await playlist(entry)) >= seconds ? true : undefined), `${seconds} s`);
      await encoder.stop();
      await producer.call('POST', `/entries/${entry.id}/end`);
      const [recording] = await recordings(entry.id);
      await Promise.all(viewers.map((viewer) => seesFromTheStart(viewer, recording!)));
    };
    await endWith(8);

    encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    const areLive = viewers.map(async (viewer) => {
      await expect(viewer.page.locator('media-live-button')).toBeVisible();
      await viewer.waitUntilPlaying(2);
    });
    await Promise.all(areLive);
    viewers.push(...(await watch(context, entry, ['hlsjs'])));
    await endWith(14);
  });

  test('appends one broadcast to the other, is live again in between, and outlives the live entry', async () => {
    const entry = await producer.createLiveEntry({ recording: 'append', name: 'Morning show' });
    await broadcast(entry, 6);
    const [first] = await recordings(entry.id);
    expect(first).toMatchObject({ name: 'Morning show (recording)', status: 'ready' });

    const encoder = Encoder.publish(entry);
    await until(async () => ((await playlist(entry)).includes('ENDLIST') ? undefined : true), 'the entry to be live');
    await until(async () => (secondsOf(await playlist(entry)) >= 6 ? true : undefined), '6 s of media');
    const growing = (await recordings(entry.id))[0]!;
    expect(growing.status).toBe('recording');
    expect(await playlist(growing)).not.toContain('ENDLIST');
    await encoder.stop();
    await producer.call('POST', `/entries/${entry.id}/end`);

    const [recording, ...others] = await recordings(entry.id);
    expect(others).toEqual([]);
    expect(recording).toMatchObject({ id: first!.id, status: 'ready' });
    expect(recording!.durationMs).toBeGreaterThan(first!.durationMs + 5000);
    await producer.call('DELETE', `/entries/${entry.id}`);
    expect((await fetch(entry.playback.hls ?? '')).status).toBe(404);

    const runs = await readRuns(recording!.playback.hls ?? '');
    expect(runs).toHaveLength(2);
    for (const run of runs) {
      expect(run.complaints).toBe('');
      expect(run.audioSeconds).toBeGreaterThan(5);
    }
    const frames = runs.reduce((sum, { videoFrames }) => sum + videoFrames, 0);
    expect(frames / 25).toBeCloseTo(recording!.durationMs / 1000, 0);
    await producer.call('DELETE', `/entries/${recording!.id}`);
    expect((await fetch(recording!.playback.hls ?? '')).status).toBe(404);
  });
});

test('a recording goes on in the same entry when the server dies in the middle of it', async () => {
  const server = await ServerUnderTest.start();
  let producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry({ recording: 'perSession', name: 'Morning show' });
  const encoder = Encoder.publish(entry);
  await producer.waitForState(entry.id, 'live');
  await until(async () => (secondsOf(await playlist(entry)) >= 6 ? true : undefined), '6 s of media');
  const list = async () =>
    (await producer.call<{ items: VideoEntry[] }>('GET', `/entries/${entry.id}/recordings`)).items;
  const [before] = await list();
  expect(before).toMatchObject({ status: 'recording' });
  await server.end('SIGKILL');
  await encoder.ended;

  await server.run();
  producer = await Producer.signIn(server);
  expect(await list()).toMatchObject([{ id: before!.id, status: 'recording' }]);
  const recovered = secondsOf(await playlist(before!));
  expect(recovered).toBeGreaterThan(5.5);
  const again = Encoder.publish(entry);
  await until(async () => (secondsOf(await playlist(before!)) >= recovered + 6 ? true : undefined), '6 s more');
  await again.stop();
  await producer.call('POST', `/entries/${entry.id}/end`);
  const [after, ...others] = await list();
  expect(others).toEqual([]);
  expect(after).toMatchObject({ id: before!.id, status: 'ready', failure: null });

  const read = await readBack(entry.playback.hls ?? '', 60);
  expect(read.videoFrames / 25).toBeGreaterThan(recovered + 5);
  // Without the live entry, and without a broadcast to go on with after the next start.
  await producer.call('DELETE', `/entries/${entry.id}`);
  await server.end('SIGKILL');
  await server.run();
  const text = await playlist(after!);
  expect(text).toContain('#EXT-X-ENDLIST');
  expect(secondsOf(text)).toBeCloseTo(read.videoFrames / 25, 0);
  await server.stop();
});
