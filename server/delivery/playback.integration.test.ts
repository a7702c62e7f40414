import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../e2e/drivers/browser.ts';
import { encodeMedia, type EncodedMedia } from '../packaging/encodedMedia.fixture.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { ChromiumPlayer } from './chromiumPlayer.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

const run = promisify(execFile);

let first: EncodedMedia;
/** From another encoder, after two seconds of nothing. */
let second: EncodedMedia;

beforeAll(async () => {
  [first, second] = await Promise.all([encodeMedia(1000, 20), encodeMedia(23_000, 16, 880)]);
});

describe('ffmpeg as a player', () => {
  let delivery: DeliveryServer;

  beforeAll(async () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(first.startMs, first.tracks);
    for (const segment of first.segments) timeline.add(segment);
    timeline.end();
    delivery = await startDelivery([timeline]);
  });
  afterAll(() => delivery.close());

  it.each(['hls/master.m3u8', 'dash/manifest.mpd'])('decodes every rendition of %s without an error', async (path) => {
    const args = ['-v', 'error', '-xerror', '-i', delivery.url(path), '-map', '0:v:0', '-map', '0:v:1'];
    args.push('-map', '0:a:0', '-f', 'null', '-progress', 'pipe:1', '-');
    const { stdout, stderr } = await run('ffmpeg', args);
    expect(stderr).toBe('');
    const frames = [...stdout.matchAll(/^frame=(\d+)$/gm)].map(([, count]) => Number(count));
    expect(frames.at(-1)).toBe(20 * 30);
  });

  it.each(['hls/master.m3u8', 'dash/manifest.mpd'])('reads the right duration from %s', async (path) => {
    const args = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', delivery.url(path)];
    const { stdout } = await run('ffprobe', args);
    expect(Number(stdout)).toBeCloseTo(20, 1);
  });
});

/** Lets the broadcast happen in real time from its 17th second on: the rest of `first`, `second`, the end. */
function broadcast(clockAheadMs = 0): { timeline: MemoryTimeline; stop: () => void } {
  const past = first.segments.slice(0, 8);
  const startedMs = Date.now() - past.at(-1)!.startMs - past.at(-1)!.durationMs;
  const timeline = new MemoryTimeline({ epochMs: startedMs + clockAheadMs, windowSeconds: 3600 });
  timeline.startPeriod(first.startMs, first.tracks);
  for (const segment of past) timeline.add(segment);
  const timers = [...first.segments.slice(past.length), ...second.segments].map((segment) =>
    setTimeout(
      () => {
        if (segment === second.segments[0]) timeline.startPeriod(second.startMs, second.tracks);
        timeline.add(segment);
        if (segment === second.segments.at(-1)) timeline.end();
      },
      startedMs + segment.startMs + segment.durationMs - Date.now(),
    ),
  );
  return { timeline, stop: () => timers.forEach((timer) => clearTimeout(timer)) };
}

describe('players in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it.each([
    ['hls.js', 'hls/master.m3u8'],
    ['shaka', 'dash/manifest.mpd'],
  ] as const)(
    '%s plays %s live, back in the DVR, over a discontinuity and to the end',
    { timeout: 90_000 },
    async (engine, path) => {
      const { timeline, stop } = broadcast();
      const delivery = await startDelivery([timeline]);
      try {
        const player = await ChromiumPlayer.open(browser, delivery, engine, path);
        await player.playedPast(0.5);
        const live = await player.state();
        expect(live.seekableEnd - live.positionSeconds).toBeLessThan(12);

        const start = live.seekableStart;
        await player.seek(start + 0.5);
        await player.playedPast(start + 1.5);
        const inDvr = await player.state();
        expect(inDvr.positionSeconds).toBeLessThan(start + 8);

        const inSecond = () => timeline.segments.filter(({ period }) => period === 1).length;
        await expect.poll(inSecond, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
        await player.seek(start + 17.5);
        await player.playedPast(start + 24.5);
        const beyond = await player.state();
        expect(beyond.frames).toBeGreaterThan(inDvr.frames);

        await player.playedToEnd();
        expect((await player.state()).errors).toEqual([]);
        expect(delivery.delivery.viewers('0_abcd1234')).toBe(1);
      } finally {
        stop();
        await delivery.close();
      }
    },
  );

  it('by the clock of the server, however wrong the viewer’s is', async () => {
    const clockAheadMs = 3_600_000;
    const { timeline, stop } = broadcast(clockAheadMs);
    const delivery = await startDelivery([timeline], { now: () => Date.now() + clockAheadMs });
    try {
      const player = await ChromiumPlayer.open(browser, delivery, 'shaka by the clock', 'dash/manifest.mpd');
      await player.playedPast(0.5);
      const { positionSeconds, seekableEnd, errors } = await player.state();
      const serverSeconds = (Date.now() + clockAheadMs - timeline.epochMs) / 1000;
      expect(Math.abs(serverSeconds - seekableEnd)).toBeLessThan(10);
      expect(seekableEnd - positionSeconds).toBeLessThan(12);
      expect(errors).toEqual([]);
    } finally {
      stop();
      await delivery.close();
    }
  });
});
