import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCueFragment } from '../media/captions/cueFragment.ts';
import { writeTextInit } from '../media/mp4/writeTextInit.ts';
import type { TextTrack } from '../media/track.ts';
import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { segmentOf, v0 } from '../packaging/tracks.fixture.ts';
import { ask } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

const t1: TextTrack & { init: Buffer } = {
  kind: 'text',
  id: 't1',
  codec: 'wvtt',
  timescale: 90_000,
  bitrateBps: 1000,
  language: 'en',
  label: 'English',
  init: Buffer.from(writeTextInit(90_000, 'en')),
};

/** The first segment says more than the second. */
function captioned(): MemoryTimeline {
  const timeline = new MemoryTimeline({});
  timeline.startPeriod(0, [v0, t1]);
  for (const [index, words] of [100, 1].entries()) {
    const startMs = index * 2000;
    const said = { settings: 'line:85%', text: 'Again and again. '.repeat(words) };
    const cue = { startTicks: startMs * 90, endTicks: (startMs + 1000) * 90, blocks: [said] };
    const media = Buffer.from(writeCueFragment(startMs * 90, (startMs + 2000) * 90, [cue]));
    const segment = segmentOf(startMs, 2000, [v0, t1]);
    timeline.add({ ...segment, tracks: { ...segment.tracks, t1: { ...segment.tracks['t1']!, media } } });
  }
  return timeline;
}

describe('WebVTT segments', () => {
  const timeline = captioned();
  let server: DeliveryServer;
  const get = (sequence: number, headers?: Record<string, string>) =>
    ask(server.url(`hls/${timelineTag(timeline)}/t1/${sequence}.vtt`), { headers });

  beforeAll(async () => {
    server = await startDelivery([timeline]);
  });
  afterAll(() => server.close());

  it('are compressed where that makes them shorter, for those who take it', async () => {
    const plain = await get(0);
    expect([plain.status, plain.headers['content-encoding']]).toEqual([200, undefined]);
    expect(plain.headers).toMatchObject({
      'content-type': 'text/vtt; charset=utf-8',
      'cache-control': 'public, max-age=86400, immutable',
      vary: 'Accept-Encoding',
    });
    expect(plain.body.toString()).toContain('Again and again. Again');
    const gzipped = await get(0, { 'Accept-Encoding': 'gzip' });
    expect(gzipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzipped.body)).toEqual(plain.body);
    expect(gzipped.headers.etag).not.toBe(plain.headers.etag);
    expect((await get(0, { 'Accept-Encoding': 'gzip', 'If-None-Match': gzipped.headers.etag! })).status).toBe(304);
    expect((await get(1, { 'Accept-Encoding': 'gzip' })).headers['content-encoding']).toBeUndefined();
  });

  it('are a 404 where there are none', async () => {
    expect((await get(2)).status).toBe(404);
  });
});
