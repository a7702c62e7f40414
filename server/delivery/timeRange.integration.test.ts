import { parse as parsePlaylist, type types } from 'hls-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import { listedFragments, readBootstrap } from '../packaging/hds/readHds.fixture.ts';
import { GrowingTimeline } from '../packaging/hls/growingTimeline.fixture.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { madeTracks } from '../packaging/mss/madeTracks.fixture.ts';
import { readSmoothManifest } from '../packaging/mss/readSmooth.fixture.ts';
import { addSegments } from '../packaging/tracks.fixture.ts';
import { ask, codeOf } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

const tracks = [madeTracks.v0, madeTracks.a0];
const iso = (ms: number) => new Date(ms).toISOString();

/** Started 100 s ago. */
function broadcast(windowSeconds = 0): MemoryTimeline {
  const timeline = new MemoryTimeline({ epochMs: Date.now() - 100_000, windowSeconds });
  timeline.startPeriod(0, tracks);
  addSegments(timeline, 50, 0, tracks);
  return timeline;
}

describe('?start= and ?end=', () => {
  const timeline = broadcast();
  const tag = timelineTag(timeline);
  const at = (seconds: number) => timeline.epochMs + seconds * 1000;
  const [start, end] = [at(20), at(30)];
  const range = `start=${start}&end=${end}`;
  let server: DeliveryServer;

  beforeAll(async () => {
    server = await startDelivery([timeline], { authorize: () => undefined });
  });
  afterAll(() => server.close());

  const text = async (path: string) => {
    const { status, body } = await ask(server.url(path));
    expect([path, status]).toEqual([path, 200]);
    return body.toString();
  };

  it('of an HLS playlist make it end there, with the same media', async () => {
    const whole = parsePlaylist(await text('hls/v0.m3u8')) as types.MediaPlaylist;
    const part = parsePlaylist(await text(`hls/v0.m3u8?${range}`)) as types.MediaPlaylist;
    expect(part.endlist).toBe(true);
    expect(part.mediaSequenceBase).toBe(10);
    expect(part.segments.map(({ uri }) => uri)).toEqual(whole.segments.slice(10, 15).map(({ uri }) => uri));
    expect(part.segments[0]!.programDateTime?.getTime()).toBe(start);
  });

  it('of an HLS master playlist are those of its playlists', async () => {
    const master = await text(`hls/master.m3u8?${range}&token=t`);
    const links = [...master.matchAll(/[\w-]+\.m3u8[^"\n]*/g)].map(([link]) => link).toSorted();
    expect(links).toEqual(['a0', 'v0-iframes', 'v0'].map((name) => `${name}.m3u8?token=t&${range}`));
    expect(await text(`hls/${links[1]}`)).toMatch(/\.m4s\?token=t\n#EXT-X-ENDLIST\n$/);
  });

  it('of an MPD make it static, from its first segment on', async () => {
    const mpd = await text(`dash/manifest.mpd?${range}`);
    expect(mpd).toContain('type="static" mediaPresentationDuration="PT10S"');
    expect(mpd).toContain('<S t="1800000" d="180000" r="4"/>');
    expect(mpd).not.toContain('start=16');
  });

  it('of an F4M are those of its bootstrap and of the manifests it names', async () => {
    const f4m = await text(`hds/manifest.f4m?${range}`);
    const escaped = range.replace('&', '&amp;');
    expect(f4m).toContain('<streamType>recorded</streamType>');
    expect(f4m).toContain('<duration>10.000</duration>');
    expect(f4m).toContain(`url="${tag}/bootstrap.abst?${escaped}"`);
    expect(f4m).toContain(`url="${tag}/v0" `);
    expect(await text(`hds/set.f4m?${range}`)).toContain(`href="v0.f4m?${escaped}"`);
    expect(await text(`hds/v0.f4m?${range}`)).toContain('<duration>10.000</duration>');
    const { body } = await ask(server.url(`hds/${tag}/bootstrap.abst?${range}`));
    const bootstrap = readBootstrap(body);
    expect(bootstrap).toMatchObject({ live: false, fragmentRuns: [{}, { duration: 0, discontinuity: 0 }] });
    expect(listedFragments(bootstrap).map(({ number }) => number)).toEqual([11, 12, 13, 14, 15]);
    // Times stay those of the frames; players take the length from where they begin.
    const begin = bootstrap.fragmentRuns[0]!.timestamp;
    expect([begin, bootstrap.currentMediaTime - begin]).toEqual([20_000, 10_000]);
  });

  it('of a Smooth Streaming manifest make it one with a duration', async () => {
    const { attributes, streams } = readSmoothManifest(await text(`mss/Manifest?${range}`));
    expect(attributes).toMatchObject({ Duration: '100000000' });
    expect(attributes['IsLive']).toBeUndefined();
    for (const { chunks } of streams) expect(chunks.map(({ t }) => t / 1e7)).toEqual([20, 22, 24, 26, 28]);
  });

  it('may be times of day', async () => {
    const asMs = await text(`hls/v0.m3u8?${range}`);
    expect(await text(`hls/v0.m3u8?start=${iso(start)}&end=${iso(end)}`)).toBe(asMs);
  });

  it('is refused where it is not a range, and where there is nothing in it', async () => {
    for (const path of ['hls/master.m3u8', 'dash/manifest.mpd', 'hds/manifest.f4m', 'mss/Manifest']) {
      for (const query of [`start=${end}&end=${start}`, 'start=yesterday', `end=${'9'.repeat(99)}`]) {
        const { status, body } = await ask(server.url(`${path}?${query}`));
        expect([path, status, codeOf(body)]).toEqual([path, 400, 'invalidTimeRange']);
      }
      for (const query of [`start=${at(100)}`, `end=${at(0)}`, 'start=1&end=2']) {
        const { status, headers, body } = await ask(server.url(`${path}?${query}`));
        expect([path, status, codeOf(body)]).toEqual([path, 404, 'emptyTimeRange']);
        expect(headers['cache-control']).toBe('no-store');
      }
    }
  });
});

describe('?start= of a broadcast that goes on', () => {
  it('goes on with it in every format, and ends with it', async () => {
    const timeline = broadcast(7200);
    const server = await startDelivery([timeline]);
    const query = `start=${iso(timeline.epochMs + 60_000)}`;
    const counted = async () => {
      const read = async (path: string) => (await ask(server.url(`${path}?${query}`))).body;
      const hls = parsePlaylist(String(await read('hls/v0.m3u8'))) as types.MediaPlaylist;
      const dash = /<S t="5400000" d="180000" r="(\d+)"\/>/.exec(String(await read('dash/manifest.mpd')));
      const hds = readBootstrap(await read(`hds/${timelineTag(timeline)}/bootstrap.abst`));
      const mss = readSmoothManifest(String(await read('mss/Manifest')));
      return {
        hls: [hls.segments.length, hls.endlist],
        dash: Number(dash?.[1]) + 1,
        hds: [listedFragments(hds).length, hds.live],
        // The last one is held back until the next one is known.
        mss: [mss.streams[0]!.chunks.length, mss.attributes['IsLive'] ?? 'FALSE'],
      };
    };
    try {
      expect(await counted()).toEqual({ hls: [20, false], dash: 20, hds: [20, true], mss: [19, 'TRUE'] });
      addSegments(timeline, 5, 100_000, tracks);
      expect(await counted()).toEqual({ hls: [25, false], dash: 25, hds: [25, true], mss: [24, 'TRUE'] });
      timeline.end();
      expect(await counted()).toEqual({ hls: [25, true], dash: 25, hds: [25, false], mss: [25, 'FALSE'] });
    } finally {
      await server.close();
    }
  });

  it('is answered in every format also shortly before the end, or with the true reason', async () => {
    const timeline = broadcast(7200);
    const server = await startDelivery([timeline]);
    const manifests = ['hls/master.m3u8', 'hls/v0.m3u8', 'dash/manifest.mpd', 'hds/manifest.f4m', 'mss/Manifest'];
    const statuses = async (query: string) =>
      await Promise.all(manifests.map(async (path) => (await ask(server.url(`${path}?${query}`))).status));
    try {
      for (const seconds of [92, 94, 96]) {
        const start = timeline.epochMs + seconds * 1000;
        expect(await statuses(`start=${start}`)).toEqual(manifests.map(() => 200));
        expect(await statuses(`start=${start}&end=${start + 600_000}`)).toEqual(manifests.map(() => 200));
        expect(await statuses(`start=${start}&end=${start + 2000}`)).toEqual(manifests.map(() => 200));
      }
      const { status, body } = await ask(server.url(`mss/Manifest?start=${timeline.epochMs + 98_000}`));
      expect([status, codeOf(body)]).toEqual([503, 'notYetAvailable']);
    } finally {
      await server.close();
    }
  });

  it('goes on part by part in low-latency HLS, and waits for the next one where that is asked for', async () => {
    const growing = new GrowingTimeline({ epochMs: Date.now() - 20_000, windowSeconds: 7200 });
    growing.addSegments(10);
    growing.open();
    growing.grow([0, 1]);
    const server = await startDelivery([growing.timeline]);
    const playlist = `hls/v0.m3u8?start=${growing.timeline.epochMs + 10_000}`;
    try {
      const now = (await ask(server.url(playlist))).body.toString();
      expect(now).toContain('#EXT-X-MEDIA-SEQUENCE:5\n');
      expect(now).toMatch(/#EXT-X-PRELOAD-HINT:TYPE=PART,URI="[^"?]*"/);
      expect(now).toMatch(/#EXT-X-RENDITION-REPORT:URI="a0\.m3u8\?start=\d+"/);
      const next = ask(server.url(`${playlist}&_HLS_msn=10&_HLS_part=2`));
      await new Promise((resolve) => setImmediate(resolve));
      growing.grow([2]);
      const { status, body } = await next;
      expect(status).toBe(200);
      expect(body.toString().match(/#EXT-X-PART:/g)!.length).toBe(now.match(/#EXT-X-PART:/g)!.length + 1);
    } finally {
      await server.close();
    }
  });
});
