import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Source } from '../source.ts';
import { flashOffsets, probeStreams } from './recordedMedia.fixture.ts';
import { launchBrowser } from '../../../e2e/drivers/browser.ts';
import { openPublisher, publisherPage, type Publisher } from './publisherPage.fixture.ts';
import { startWhip, type AdmittedPublisher, type WhipHarness } from './whipHarness.fixture.ts';

let browser: Browser;
let whip: WhipHarness;
let publisher: Publisher;
let directory: string;

beforeAll(async () => {
  browser = await launchBrowser();
  directory = await mkdtemp(join(tmpdir(), 'whip-'));
});
afterAll(async () => {
  await browser.close();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  whip = await startWhip(publisherPage);
  publisher = await openPublisher(browser, whip.url);
});
afterEach(async () => {
  await publisher.close();
  await whip.close();
});

async function admitted(): Promise<AdmittedPublisher> {
  return await vi.waitFor(() => {
    const latest = whip.publishers.at(-1);
    if (!latest) throw new Error('nobody has published');
    return latest;
  });
}

/** Sockets, servers and child processes of this process, by kind. */
function openResources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => /Socket|Server|UDP|Process/.test(kind))
    .toSorted();
}

/** Records with ffmpeg as the transcoder would read it; resolves with the file when ffmpeg has ended by itself. */
async function record(source: Source, name: string, args: readonly string[]): Promise<string> {
  const file = join(directory, name);
  const reading = await source.open();
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', '-copyts', ...reading.inputArgs, ...args, '-y', file]);
  let errors = '';
  ffmpeg.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  reading.start();
  const [code] = (await once(ffmpeg, 'exit')) as [number];
  await reading.close();
  if (code !== 0) throw new Error(`ffmpeg exited with ${code}: ${errors}`);
  return file;
}

describe('Chromium publishing over WHIP', () => {
  it.each([
    ['H264', ['-c:v', 'copy']],
    ['VP8', ['-c:v', 'libx264', '-preset', 'ultrafast']],
  ] as const)('is read by ffmpeg with picture and sound in %s', async (codec, videoArgs) => {
    await publisher.publish({ codec });
    const { source, request } = await admitted();
    expect(request).toMatchObject({ protocol: 'whip', remoteAddress: expect.stringMatching(/127\.0\.0\.1|::1/) });
    const started = await source;
    expect(started.tracks).toMatchObject({
      video: { codec: codec.toLowerCase(), width: 1280, height: 720 },
      audio: { codec: 'opus', sampleRate: 48_000, channels: 2 },
    });
    const args = [...videoArgs, '-c:a', 'aac', '-fps_mode', 'passthrough', '-t', '4'];
    const { video, audio } = await probeStreams(await record(started, `${codec}.mkv`, args));
    expect(video).toMatchObject({ codec: 'h264', width: 1280, height: 720 });
    // The fake camera gives 20 pictures a second; they begin at 0.
    expect(video?.firstMs).toBeLessThan(50);
    expect(video?.decodedFrames).toBeGreaterThan(60);
    expect(audio).toMatchObject({ codec: 'aac' });
    expect(audio?.firstMs).toBeLessThan(60);
    expect(started.stats().videoFrames).toBeGreaterThan(60);
    expect(started.stats().bytes).toBeGreaterThan(100_000);
  });

  it('keeps flashes and beeps together, from the first second on', async () => {
    await publisher.publish({ picture: 'flash' });
    const source = await (await admitted()).source;
    const file = await record(source, 'flash.mkv', ['-c:v', 'copy', '-c:a', 'pcm_s16le', '-t', '9']);
    const offsets = await flashOffsets(file);
    expect(offsets.length).toBeGreaterThanOrEqual(7);
    expect(Math.max(...offsets.map(Math.abs))).toBeLessThanOrEqual(60);
  });

  it('is read again from a key frame when a reader has gone', async () => {
    await publisher.publish();
    const source = await (await admitted()).source;
    for (const name of ['first.mkv', 'second.mkv']) {
      const { video, audio } = await probeStreams(await record(source, name, ['-c', 'copy', '-t', '1.5']));
      expect(video?.firstMs).toBeLessThan(50);
      expect(audio?.firstMs).toBeLessThan(60);
    }
  });

  it.each([
    [{ audio: true, video: false }, ['audio']],
    [{ audio: false, video: true }, ['video']],
  ])('may send %j only', async (tracks, kinds) => {
    await publisher.publish(tracks);
    const source = await (await admitted()).source;
    expect(Object.keys(source.tracks)).toEqual(kinds);
    const probed = await probeStreams(await record(source, `${kinds.join()}.mkv`, ['-c', 'copy', '-t', '1.5']));
    expect(probed.video !== undefined).toBe(tracks.video);
    expect(probed.audio !== undefined).toBe(tracks.audio);
  });

  it('may leave the DTLS handshake to us', async () => {
    await publisher.publish({ setup: 'passive' });
    const source = await (await admitted()).source;
    await vi.waitFor(() => expect(source.stats().videoFrames).toBeGreaterThan(5), 15_000);
  });

  it.each(['H264', 'VP8'] as const)('may send simulcast in %s, of which the best layer is taken', async (codec) => {
    await publisher.publish({ codec, layers: [4, 2, 1] });
    const source = await (await admitted()).source;
    await vi.waitFor(() => expect(source.tracks.video).toMatchObject({ width: 1280, height: 720 }), 15_000);
    const file = await record(source, `simulcast${codec}.mkv`, ['-c', 'copy', '-t', '2']);
    const { video, audio } = await probeStreams(file);
    expect(video?.width).toBe(1280);
    expect(video?.decodedFrames).toBeGreaterThan(15);
    expect(audio?.decodedFrames).toBeGreaterThan(80);
  });

  it('sends a key frame when asked', async () => {
    await publisher.publish();
    const source = await (await admitted()).source;
    await vi.waitFor(() => expect(source.stats().videoFrames).toBeGreaterThan(60), 15_000);
    const before = source.stats().keyFrameIntervalMs;
    source.requestKeyFrame();
    await vi.waitFor(() => expect(source.stats().keyFrameIntervalMs).not.toBe(before), 5000);
  });

  it('goes on after an ICE restart', async () => {
    await publisher.publish();
    const { source, ends } = await admitted();
    const { lastMediaAtMs } = (await source).stats();
    expect(await publisher.restartIce()).toEqual({ status: 200, state: 'connected' });
    await vi.waitFor(
      async () => expect((await source).stats().lastMediaAtMs).toBeGreaterThan(lastMediaAtMs + 1000),
      8000,
    );
    expect(ends).toEqual([]);
  });

  it('ends once with DELETE, and the reader gets what there was', async () => {
    await publisher.publish();
    const { source, ended, ends } = await admitted();
    const recording = record(await source, 'deleted.mkv', ['-c', 'copy']);
    await vi.waitFor(async () => expect((await source).stats().videoFrames).toBeGreaterThan(90), 15_000);
    expect(await publisher.stop()).toBe(200);
    expect(await ended).toBe('the publisher ended the session');
    const { video } = await probeStreams(await recording);
    expect(video?.decodedFrames).toBeGreaterThan(10);
    expect(ends).toHaveLength(1);
  });

  it('is thrown out when the source is closed', async () => {
    await publisher.publish();
    const { source, ended } = await admitted();
    await (await source).close('the entry was deleted');
    expect(await ended).toBe('the entry was deleted');
    await vi.waitFor(
      async () => expect(await publisher.connectionState()).toMatch(/failed|closed|disconnected/),
      10_000,
    );
  });

  it('leaves neither sockets nor processes behind', async () => {
    const before = openResources();
    const other = await startWhip(publisherPage);
    const page = await openPublisher(browser, other.url);
    await page.publish();
    const source = await vi.waitFor(() => other.publishers[0]?.source ?? Promise.reject(new Error('not yet')));
    const neverRead = await source.open();
    expect(neverRead.inputArgs.at(-2)).toBe('-i');
    await record(source, 'leak.mkv', ['-c', 'copy', '-t', '1']);
    await source.open();
    await page.close();
    await other.close();
    await vi.waitFor(() => expect(openResources()).toEqual(before), 5000);
  });

  it('has left within 15 s when its page is gone without a word', { timeout: 40_000 }, async () => {
    const other = await launchBrowser();
    const page = await openPublisher(other, whip.url);
    await page.publish();
    const { source, ended, ends } = await admitted();
    await source;
    const goneAtMs = performance.now();
    await other.close();
    await ended;
    expect(performance.now() - goneAtMs).toBeLessThan(15_000);
    expect(ends).toHaveLength(1);
  });
});
