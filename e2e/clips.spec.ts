import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { Clip } from '../shared/api/clips.ts';
import type { LiveEntry, VideoEntry } from '../shared/model/entry.ts';
import { paths } from '../shared/urls.ts';
import { countersIn, encodeCountedFile } from '../server/recording/clips/countedMedia.fixture.ts';
import { Encoder } from './drivers/encoder.ts';
import { Producer, until } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { shownFrames } from './drivers/shownFrames.ts';
import { Viewer } from './drivers/viewer.ts';

const run = promisify(execFile);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const frameMs = 1000 / 30;

test.describe('clips', () => {
  let server: ServerUnderTest;
  let producer: Producer;
  let directory: string;
  let entry: LiveEntry;
  let recording: VideoEntry;
  /** Number of the first frame of the recording. */
  let firstFrame: number;

  const between = (from: number, to: number) => ({
    inMs: (from - firstFrame) * frameMs,
    outMs: (to - firstFrame) * frameMs,
  });

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
    directory = await mkdtemp(join(tmpdir(), 'tallylight-clips-'));
    const file = join(directory, 'counted.flv');
    await encodeCountedFile(file, { seconds: 14, bFrames: 2 });
    const flavors = [{ name: 'Small', width: 160, height: 0, videoBitrateKbps: 300, h264Profile: 'main' }];
    const profile = await producer.call<{ id: string }>('POST', '/profiles', { name: 'Counted', flavors });
    entry = await producer.createLiveEntry({ profileId: profile.id, recording: 'perSession', name: 'Counted' });
    const encoder = Encoder.publishFile(entry, file);
    await producer.waitForState(entry.id, 'live');
    await until(async () => ((await spanOf(entry.id)).endMs >= 6000 ? true : undefined), '6 s of media');
    const live = await producer.call<VideoEntry>('POST', `/entries/${entry.id}/clips`, { inMs: 1000, outMs: 3500 });
    expect(live).toMatchObject({ status: 'ready', sourceEntryId: entry.id, durationMs: 2500 });
    await encoder.ended;
    await producer.call('POST', `/entries/${entry.id}/end`);
    const { items } = await producer.call<{ items: VideoEntry[] }>('GET', `/entries/${entry.id}/recordings`);
    recording = items[0]!;
    const first = (await shownFrames(recording.playback)).hls.values().next().value;
    firstFrame = first?.[0] ?? NaN;
  });
  test.afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  });

  const spanOf = (id: string) => producer.call<{ startMs: number; endMs: number }>('GET', `/entries/${id}/timeline`);

  async function expectFrames(video: VideoEntry, frames: readonly number[]): Promise<void> {
    for (const [format, renditions] of Object.entries(await shownFrames(video.playback))) {
      expect(renditions.size, format).toBe(2);
      for (const [name, shown] of renditions) expect(shown, `${format} ${name}`).toEqual(frames);
    }
  }

  test('have the frames from in to out in every flavor and format', async () => {
    const body = { ...between(37, 301), name: 'Frames 37 to 300' };
    const clip = await producer.call<VideoEntry>('POST', `/entries/${recording.id}/clips`, body);
    expect(clip).toMatchObject({ status: 'ready', sourceEntryId: recording.id, rootEntryId: entry.id });
    await expectFrames(clip, range(37, 301));
    const { items } = await producer.call<{ items: Clip[] }>('GET', `/entries/${recording.id}/clips`);
    expect(items).toMatchObject([{ id: clip.id, name: 'Frames 37 to 300', parts: [{ entryId: recording.id }] }]);
  });

  test('may be put together of parts in any order', async () => {
    const parts = [between(200, 230), between(60, 180), between(10, 20)];
    const clip = await producer.call<VideoEntry>('POST', `/entries/${recording.id}/clips`, { parts });
    await expectFrames(clip, [...range(200, 230), ...range(60, 180), ...range(10, 20)]);
  });

  for (const engine of ['hlsjs', 'shaka'])
    test(`play to their end, whatever order their pictures are decoded in, in ${engine}`, async ({ page }) => {
      const play = async (parts: object[]) => {
        const clip = await producer.call<VideoEntry>('POST', `/entries/${recording.id}/clips`, { parts });
        await page.goto(`${clip.playback.embed}?engine=${engine}&muted=1`);
        const video = page.locator('video');
        await expect
          .poll(() => video.evaluate((element: HTMLVideoElement) => element.currentTime))
          .toBeGreaterThan(0.1);
        return await video.evaluate(async (element: HTMLVideoElement) => {
          element.playbackRate = 2;
          const ended = new Promise((resolve) => element.addEventListener('ended', resolve, { once: true }));
          if (!element.ended) await ended;
          return { stretches: element.buffered.length, seconds: element.currentTime };
        });
      };
      // Where its own pictures meet those it shares, there is no hole.
      expect(await play([between(37, 301)])).toEqual({ stretches: 1, seconds: expect.closeTo(264 / 30, 0) });
      const { seconds } = await play([between(37, 200), between(70, 100), between(10, 40)]);
      expect(seconds).toBeCloseTo(223 / 30, 0);
    });

  test('can be downloaded, and play before all of it is there', async ({ page }) => {
    const clip = await producer.call<VideoEntry>('POST', `/entries/${recording.id}/clips`, between(25, 325));
    const url = server.url + paths.download(clip.id, 'v0');
    const response = await fetch(url);
    expect(response.headers.get('content-disposition')).toContain(
      'attachment; filename="Clip of Counted 1 (180p).mp4"',
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    const file = join(directory, 'download.mp4');
    await writeFile(file, bytes);
    expect(await countersIn(file)).toEqual(range(25, 325));
    const { stderr } = await run('ffmpeg', ['-v', 'warning', '-i', file, '-f', 'null', '-']);
    expect(stderr).toBe('');
    const middle = await fetch(url, { headers: { Range: 'bytes=5000-5999' } });
    expect([middle.status, Buffer.from(await middle.arrayBuffer()).equals(bytes.subarray(5000, 6000))]).toEqual([
      206,
      true,
    ]);

    // Chromium plays across the joints of the clip, and where it is sent.
    await page.goto(`${server.url}/embed/${clip.id}`);
    const played = await page.evaluate(async (address) => {
      const video = document.createElement('video');
      video.muted = true;
      video.src = address;
      document.body.append(video);
      const event = (name: string) => new Promise((resolve) => video.addEventListener(name, resolve, { once: true }));
      await event('loadedmetadata');
      const { duration } = video;
      video.currentTime = 8.2;
      await event('seeked');
      await video.play();
      await event('ended');
      const tail = video.getVideoPlaybackQuality().totalVideoFrames;
      video.currentTime = 0;
      await event('seeked');
      video.playbackRate = 4;
      await video.play();
      await event('ended');
      return { duration, tail, end: video.currentTime, error: video.error?.message ?? '' };
    }, url);
    expect(played.error).toBe('');
    expect(played.duration).toBeCloseTo(10, 0);
    expect(played.tail).toBeGreaterThan(30);
    expect(played.end).toBeCloseTo(10, 0);
  });

  test('are refused with a reason, and leave nothing behind', async () => {
    const videos = () => producer.call<{ total: number }>('GET', '/entries?type=video&pageSize=1');
    const { total } = await videos();
    const refusal = async (body: unknown, path = 'clips', id = recording.id) => {
      const answer = await fetch(`${server.url}/api/v1/entries/${id}/${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${producer.token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      return ((await answer.json()) as { error: { code: string } }).error.code;
    };
    expect(await refusal({ inMs: 3000, outMs: 3000 })).toBe('clipRangeEmpty');
    expect(await refusal({ inMs: 0, outMs: 1e9 })).toBe('clipPointOutside');
    expect(await refusal({ inMs: -1, outMs: 5 })).toBe('validationFailed');
    expect(await refusal({ parts: [] })).toBe('validationFailed');
    expect(await refusal({ inMs: 0, outMs: 1000 }, 'trim', entry.id)).toBe('liveNotTrimmable');
    expect((await videos()).total).toBe(total);
  });

  test('a trim changes the entry in place, viewers follow, and it can be undone', async ({ page }) => {
    const whole = await spanOf(recording.id);
    const viewer = new Viewer(page);
    await viewer.open(`${recording.playback.embed}?engine=hlsjs&muted=1`);
    await viewer.waitUntilPlaying(1);
    const elsewhere = await page.context().newPage();
    const liveViewer = new Viewer(elsewhere);
    await liveViewer.open(`${entry.playback.embed}?engine=hlsjs&muted=1`);
    await liveViewer.waitUntilPlaying(1);
    const isAsLongAs = async (seconds: number, where = page) => {
      const video = where.locator('video');
      await expect.poll(() => video.evaluate(({ duration }: HTMLVideoElement) => Math.round(duration))).toBe(seconds);
    };
    await isAsLongAs(Math.round(whole.endMs / 1000));
    const trimmed = await producer.call<VideoEntry>('POST', `/entries/${recording.id}/trim`, between(70, 250));
    expect(trimmed).toMatchObject({ id: recording.id, trimmed: true, durationMs: 6000 });
    await isAsLongAs(6);
    await viewer.waitUntilPlaying(1);
    await expectFrames(trimmed, range(70, 250));
    // The live entry's address plays its recording, so its viewers follow as well.
    await isAsLongAs(6, elsewhere);
    const undone = await producer.call<VideoEntry>('DELETE', `/entries/${recording.id}/trim`);
    expect(undone.trimmed).toBe(false);
    await isAsLongAs(Math.round(whole.endMs / 1000));
    await isAsLongAs(Math.round(whole.endMs / 1000), elsewhere);
    expect([...viewer.errors, ...liveViewer.errors]).toEqual([]);
    expect(await spanOf(recording.id)).toEqual(whole);
  });
});
