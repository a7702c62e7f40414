import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeFragment } from '../media/mp4/madeMp4.fixture.ts';
import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import { createDashPackager } from '../packaging/dash/packager.ts';
import { listedFragments, mdatOf, readBootstrap, readTags } from '../packaging/hds/readHds.fixture.ts';
import { madeTracks } from '../packaging/mss/madeTracks.fixture.ts';
import { readSmoothFragment, readSmoothManifest } from '../packaging/mss/readSmooth.fixture.ts';
import { readMpd } from '../packaging/readBack.fixture.ts';
import { makeDirectory, openStore, removeDirectory, type OpenedStore } from '../segments/openedStore.fixture.ts';
import type { PeriodWriter } from '../segments/segmentStore.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { ask, codeOf } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

const windowSeconds = 7200;
const segmentSeconds = 2;
const epochMs = Date.UTC(2026, 10, 22, 12);
const tracks = [madeTracks.v0, madeTracks.a0];

/** Two hours on a real disk, by a clock of its own. */
describe('two hours of DVR', () => {
  let root: string;
  let opened: OpenedStore;
  let timeline: TimelineReader;
  let period: PeriodWriter;
  let server: DeliveryServer;
  let written = 0;
  /** The broadcast's present. */
  let nowMs = epochMs;

  async function write(count: number): Promise<void> {
    for (const end = written + count; written < end; written++) {
      const startMs = written * segmentSeconds * 1000;
      const segment = period.openSegment({ startMs, wallClockMs: epochMs + startMs });
      for (const { id, timescale } of tracks) {
        const startTicks = written * segmentSeconds * timescale;
        const samples = [0, 1].map((second) => ({ durationTicks: timescale, media: [0, 0, 0, 1, 0x65 + second] }));
        const durationTicks = segmentSeconds * timescale;
        segment.append(id, { startTicks, durationTicks, independent: true, data: madeFragment(startTicks, samples) });
      }
      await segment.complete();
      nowMs = epochMs + startMs + segmentSeconds * 1000;
    }
  }

  beforeAll(async () => {
    root = await makeDirectory();
    opened = await openStore(root, { now: () => nowMs, evictionIntervalMs: 20 });
    const writer = await opened.store.write({ id: 'long', entryId: '0_abcd1234', epochMs, windowSeconds });
    timeline = writer.timeline;
    period = await writer.startPeriod({ startMs: 0, tracks });
    await write(windowSeconds / segmentSeconds + 20);
    await opened.store.compose('recorded', 'recorded', [{ timelineId: timeline.id, first: 0, end: null }]);
    const former = async () => [timeline, (await opened.store.composed('recorded'))!];
    server = await startDelivery([timeline], { now: () => nowMs, timelines: { playing: () => timeline, former } });
  });
  afterAll(async () => {
    await server.close();
    await opened.close();
    await removeDirectory(root);
  });

  const get = async (path: string) => {
    const { status, body } = await ask(server.url(path));
    expect([path, status]).toEqual([path, 200]);
    return body;
  };

  /** The picture's media that each format lists, oldest first, and the media second that each begins at. */
  const listed: Record<string, () => Promise<{ path: string; seconds: number }[]>> = {
    hls: async () => {
      const text = (await get('hls/v0.m3u8')).toString();
      const first = timeline.segments[0]!.startMs / 1000;
      return [...text.matchAll(/^.+\/v0\/\d+\.m4s$/gm)].map(([uri], index) => {
        return { path: `hls/${uri}`, seconds: first + index * segmentSeconds };
      });
    },
    dash: async () => {
      await get('dash/manifest.mpd');
      const segments = readMpd(createDashPackager(), timeline).get('v0')!;
      return segments.map(({ uri, presentationTime }) => ({ path: `dash/${uri}`, seconds: presentationTime }));
    },
    hds: async () => {
      const bootstrap = readBootstrap(await get(`hds/${timelineTag(timeline)}/bootstrap.abst`));
      return listedFragments(bootstrap).map(({ number, startMs }) => {
        return { path: `hds/${timelineTag(timeline)}/v0Seg1-Frag${number}`, seconds: startMs / 1000 };
      });
    },
    mss: async () => {
      const [video] = readSmoothManifest((await get('mss/Manifest')).toString()).streams;
      return video!.chunks.map(({ t }, index) => ({ path: `mss/${video!.paths[index]}`, seconds: t / 1e7 }));
    },
  };
  const formats = Object.keys(listed);

  it.each(formats)('lists all of it in %s, and has the first as well as the last', async (format) => {
    const all = await listed[format]!();
    // Smooth Streaming holds the last one back.
    expect(all.length).toBeGreaterThanOrEqual(windowSeconds / segmentSeconds - 1);
    expect(all.at(-1)!.seconds - all[0]!.seconds).toBeGreaterThanOrEqual(windowSeconds - 2 * segmentSeconds);
    for (const { path } of [all[0]!, all.at(-1)!]) expect((await get(path)).length).toBeGreaterThan(0);
  });

  it('lets a player of HDS begin at the edge and go back two hours', async () => {
    const all = await listed['hds']!();
    const edge = all.at(-1)!.seconds;
    for (const wanted of [edge, edge - windowSeconds + 2 * segmentSeconds]) {
      const { path, seconds } = all.findLast((fragment) => fragment.seconds <= wanted)!;
      const frames = readTags(mdatOf(await get(path))).filter(({ type, packetType }) => type === 9 && packetType === 1);
      expect(frames.map(({ timestamp }) => timestamp / 1000)).toEqual([seconds, seconds + 1]);
    }
  });

  it('lets a player of Smooth Streaming begin at the edge and go back two hours', async () => {
    const all = await listed['mss']!();
    for (const { path, seconds } of [all.at(-1)!, all[0]!]) {
      expect(readSmoothFragment(await get(path)).time.start).toBe(seconds * 1e7);
    }
  });

  it('offers nothing that is about to vanish, and soon says that what has vanished is not there, although it is recorded', async () => {
    const edges = await Promise.all(formats.map(async (format) => (await listed[format]!()).slice(0, 2)));
    const [oldest, next] = [0, 1].map((place) => edges.map((fragments) => fragments[place]!.path));
    const { sequence } = timeline.segments[0]!;
    const leftMs = nowMs;
    await write(25);
    expect(timeline.segments[0]!.sequence).toBe(sequence + 25);
    for (const format of formats) {
      const now = await listed[format]!();
      expect(oldest).not.toContain(now[0]!.path);
    }
    // Players that have an older list in hand still get it for a minute after it has left the window, and not longer.
    nowMs = leftMs + 60_000 - 1;
    for (const path of [...oldest!, ...next!]) await get(path);
    nowMs = leftMs + 60_000;
    await expect.poll(() => timeline.segment(sequence)).toBeUndefined();
    for (const path of next!) await get(path);
    for (const path of oldest!) {
      const startedMs = performance.now();
      const { status, body } = await ask(server.url(path));
      expect([path, status, codeOf(body)]).toEqual([path, 404, 'segmentNotFound']);
      expect(performance.now() - startedMs).toBeLessThan(200);
    }
    expect((await opened.store.composed('recorded'))?.segment(sequence)).toBeDefined();
  });
});
