import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GrowingTimeline } from '../packaging/hls/growingTimeline.fixture.ts';
import { createHlsPackager } from '../packaging/hls/packager.ts';
import { ask, codeOf } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

let broadcast: GrowingTimeline;
let server: DeliveryServer;

beforeEach(async () => {
  broadcast = new GrowingTimeline({ windowSeconds: 3600 });
  broadcast.addSegments(20);
  broadcast.open();
  broadcast.grow([0, 1]);
  server = await startDelivery([broadcast.timeline], { authorize: () => undefined });
});
afterEach(() => server.close());

const playlist = (query: string, name = 'v0') => ask(server.url(`hls/${name}.m3u8?${query}`));
/** Until so many requests wait for the timeline to grow. */
const waiting = (count: number) => vi.waitUntil(() => broadcast.timeline.listeners === count, { timeout: 10_000 });

describe('a blocking reload', () => {
  it('is answered as soon as the part is there', async () => {
    const answer = playlist('_HLS_msn=20&_HLS_part=2');
    await waiting(1);
    broadcast.grow([2], ['a0']);
    expect(broadcast.timeline.listeners).toBe(1);
    broadcast.grow([2], ['v0']);
    const { status, headers, body } = await answer;
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('public, max-age=12');
    expect(body.toString()).toContain('/v0/20.2.m4s"\n#EXT-X-PRELOAD-HINT');
    expect(broadcast.timeline.listeners).toBe(0);
  });

  it.each([
    ['_HLS_msn=19', 'of a segment that is there'],
    ['_HLS_msn=3', 'of one long ago'],
    ['_HLS_msn=20&_HLS_part=1', 'of a part that is there'],
    ['_HLS_msn=19&_HLS_part=9', 'of a part the segment never had, for the next one has begun'],
  ])('%s is answered at once: %s', async (query) => {
    const { status, body } = await playlist(query);
    expect([status, body.toString().startsWith('#EXTM3U\n')]).toEqual([200, true]);
  });

  it('for a segment waits until all of it is there', async () => {
    const answer = playlist('_HLS_msn=20');
    await waiting(1);
    broadcast.grow([2, 3, 4, 5]);
    expect(broadcast.timeline.listeners).toBe(1);
    broadcast.complete();
    expect((await answer).body.toString()).toContain('/v0/20.m4s\n');
  });

  it('for a part that the segment turns out not to have is answered with the first of the next one', async () => {
    const answer = playlist('_HLS_msn=20&_HLS_part=6');
    await waiting(1);
    broadcast.grow([2, 3, 4, 5]);
    broadcast.complete();
    broadcast.open();
    expect(broadcast.timeline.listeners).toBe(1);
    broadcast.grow([0]);
    expect((await answer).body.toString()).toMatch(/v0\/20\.m4s\n#EXT-X-PART:.*\n#EXT-X-PRELOAD-HINT/);
  });

  it('is answered with the ended playlist when the broadcast ends', async () => {
    const answer = playlist('_HLS_msn=21');
    await waiting(1);
    broadcast.timeline.end();
    expect((await answer).body.toString()).toMatch(/#EXT-X-ENDLIST\n$/);
  });

  it.each([
    '_HLS_msn=22',
    '_HLS_msn=999999999999999',
    '_HLS_msn=20&_HLS_part=10',
    '_HLS_msn=21&_HLS_part=99',
    '_HLS_part=1',
    '_HLS_msn=-1',
    '_HLS_msn=1.5',
    '_HLS_msn=',
    '_HLS_msn=1e3',
    '_HLS_msn=20&_HLS_part=x',
    '_HLS_msn=20&_HLS_msn=21',
    '_HLS_msn=9999999999999999',
    '_HLS_skip=MAYBE',
  ])('with %s is a bad request', async (query) => {
    const { status, headers, body } = await playlist(query);
    expect([status, codeOf(body), headers['cache-control']]).toEqual([400, 'badRequest', 'no-store']);
    expect(broadcast.timeline.listeners).toBe(0);
  });

  it('is given up after three target durations', { timeout: 15_000 }, async () => {
    const startMs = performance.now();
    const [reload, hint] = await Promise.all([
      playlist('_HLS_msn=21&_HLS_part=0'),
      ask(server.url(`hls/${hintIn((await playlist('')).body)}`)),
    ]);
    expect([reload.status, codeOf(reload.body), reload.headers['retry-after']]).toEqual([503, 'notYetAvailable', '1']);
    expect([hint.status, codeOf(hint.body)]).toEqual([503, 'notYetAvailable']);
    expect(performance.now() - startMs).toBeGreaterThan(5900);
    expect(broadcast.timeline.listeners).toBe(0);
  });

  it('of a broadcast that has ended, or shows nothing while it is written, asks for nothing', async () => {
    broadcast.timeline.end();
    expect((await playlist('_HLS_msn=5000&_HLS_part=x&_HLS_skip=YES')).status).toBe(200);
  });

  it('of key frames waits for the segment', async () => {
    const answer = playlist('_HLS_msn=20', 'v0-iframes');
    await waiting(1);
    broadcast.grow([2, 3, 4, 5]);
    expect(broadcast.timeline.listeners).toBe(1);
    broadcast.complete();
    expect((await answer).body.toString()).toMatch(/#EXT-X-BYTERANGE:100@0\n.*\/v0\/20\.m4s\n#EXT-X-RENDITION-REPORT/);
  });

  it('carries the token on, and may be a delta update', async () => {
    const { body } = await playlist('token=t&_HLS_skip=YES&_HLS_msn=20&_HLS_part=1');
    const text = body.toString();
    expect(text).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=14\n');
    const links = text.match(/[^"\n]+\.(m4s|mp4|m3u8)[^"\n]*/g) ?? [];
    expect(links.length).toBeGreaterThan(20);
    expect(links.every((link) => link.endsWith('?token=t'))).toBe(true);
  });

  it('of key frames may be a delta update', async () => {
    const { body } = await playlist('_HLS_skip=YES', 'v0-iframes');
    expect(body.toString()).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=14\n');
  });

  it('leaves nothing behind when the client goes away', async () => {
    const hint = hintIn((await playlist('')).body);
    const nextSegment = `${hint.split('/')[0]}/v0/21.m4s`;
    const requests = ['hls/v0.m3u8?_HLS_msn=21', `hls/${hint}`, `hls/${nextSegment}`].map((path) => {
      const request = httpRequest(server.url(path)).on('error', () => undefined);
      request.end();
      return request;
    });
    await waiting(3);
    for (const request of requests) request.destroy();
    await expect.poll(() => broadcast.timeline.listeners).toBe(0);
  });

  it('is refused, and nothing kept, when too many are waiting already', async () => {
    await server.close();
    const mostExchanges = { all: 3, ofOneAddress: 3 };
    server = await startDelivery([broadcast.timeline], { mostExchanges });
    const answers = Array.from({ length: 3 }, () => playlist('_HLS_msn=20&_HLS_part=2'));
    await waiting(3);
    for (const query of ['_HLS_msn=20&_HLS_part=2', '']) {
      const { status, headers, body } = await playlist(query);
      expect([status, codeOf(body), headers['retry-after']]).toEqual([503, 'overloaded', '5']);
      expect(headers.connection).toBe('close');
    }
    expect(broadcast.timeline.listeners).toBe(3);
    broadcast.grow([2]);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await playlist('')).status).toBe(200);
  });

  it('wakes all who wait with one playlist, compressed once', async () => {
    const readers = 500;
    const made: unknown[] = [];
    const packager = createHlsPackager();
    const watched = {
      ...packager,
      manifest: (...args: Parameters<typeof packager.manifest>) => {
        const answer = packager.manifest(...args);
        void Promise.resolve(answer).then((manifest) => made.push('body' in manifest ? manifest.body : manifest));
        return answer;
      },
    };
    const other = await startDelivery([broadcast.timeline], { packagers: [() => watched] });
    const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
    try {
      const get = async () => {
        const headers = { 'Accept-Encoding': 'gzip' };
        const request = httpRequest(other.url('hls/v0.m3u8?_HLS_msn=20&_HLS_part=2'), { agent, headers });
        request.end();
        const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        return Buffer.concat(chunks);
      };
      const answers = Array.from({ length: readers }, get);
      await waiting(readers);
      broadcast.grow([2]);
      const bodies = await Promise.all(answers);
      expect(new Set(bodies.map((body) => body.toString('base64'))).size).toBe(1);
      expect(gunzipSync(bodies[0]!).toString()).toContain('/v0/20.2.m4s"\n#EXT-X-PRELOAD-HINT');
      expect(made.length).toBe(readers);
      expect(new Set(made).size).toBe(1);
      expect(broadcast.timeline.listeners).toBe(0);
    } finally {
      agent.destroy();
      await other.close();
    }
  });
});

describe('a part', () => {
  it('is the bytes of the segment it is of, growing and complete', async () => {
    const address = partsIn((await playlist('')).body).at(-1)!;
    const growing = await ask(server.url(`hls/${address}`));
    expect([growing.status, growing.body.toString()]).toEqual([200, broadcastPart]);
    expect(growing.headers).toMatchObject({ 'content-type': 'video/mp4', 'cache-control': 'public, max-age=12' });
    broadcast.grow([2, 3, 4, 5]);
    broadcast.complete();
    expect((await ask(server.url(`hls/${address}`))).body.length).toBe(100);
  });

  it('that is hinted at comes when it is there, whichever segment it falls into', async () => {
    for (const grow of [() => broadcast.grow([2]), () => broadcast.grow([3, 4, 5]), nextSegment]) {
      const before = (await playlist('')).body;
      const answer = ask(server.url(`hls/${hintIn(before)}`));
      await waiting(1);
      grow();
      expect((await answer).status).toBe(200);
      expect(partsIn((await playlist('')).body)).toContain(hintIn(before));
    }
  });

  it('is not there when nobody was told of it', async () => {
    const [tag] = hintIn((await playlist('')).body).split('/');
    for (const path of ['v0/20.3', 'v0/19.7', 'v0/21.0', 'v0/22.0', 'v0/99.0', 'v7/20.0', 'v0/20.99999']) {
      const { status, body } = await ask(server.url(`hls/${tag}/${path}.m4s`));
      expect([path, status, codeOf(body)]).toEqual([path, 404, 'segmentNotFound']);
    }
    expect((await ask(server.url(`hls/${tag}/v0/20.100000.m4s`))).status).toBe(404);
    expect((await ask(server.url('hls/AAAAAAAA/v0/20.2.m4s'))).status).toBe(404);
  });

  it('that is waited for is not there when the broadcast ends without it', async () => {
    const answer = ask(server.url(`hls/${hintIn((await playlist('')).body)}`));
    await waiting(1);
    broadcast.timeline.end();
    const { status, body } = await answer;
    expect([status, codeOf(body)]).toEqual([404, 'segmentNotFound']);
  });
});

const broadcastPart = Buffer.alloc(100, 'media').toString();

function nextSegment(): void {
  broadcast.complete();
  broadcast.open();
  broadcast.grow([0]);
}

function hintIn(body: Buffer): string {
  return /#EXT-X-PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/.exec(body.toString())![1]!;
}

function partsIn(body: Buffer): string[] {
  return Array.from(body.toString().matchAll(/#EXT-X-PART:.*URI="([^"]+)"/g), ([, uri]) => uri!);
}
