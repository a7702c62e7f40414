import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuse } from '../errors.ts';
import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { a0, addSegments, segmentOf, v0 } from '../packaging/tracks.fixture.ts';
import { ask, codeOf } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

const media = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));

function liveTimeline(): MemoryTimeline {
  const timeline = new MemoryTimeline({ windowSeconds: 7200 });
  timeline.startPeriod(0, [v0, a0]);
  const { tracks, ...times } = segmentOf(0, 2000, [v0, a0]);
  timeline.add({ ...times, tracks: { ...tracks, v0: { ...tracks.v0!, media } } });
  addSegments(timeline, 99, 2000, [v0, a0]);
  return timeline;
}

describe('delivery', () => {
  const timeline = liveTimeline();
  const idle = new MemoryTimeline({ entryId: '0_idle0000' });
  const segmentPath = `hls/${timelineTag(timeline)}/v0/0.m4s`;
  let server: DeliveryServer;

  beforeAll(async () => {
    server = await startDelivery([timeline, idle]);
  });
  afterAll(() => server.close());

  describe('manifests', () => {
    it.each([
      ['hls/master.m3u8', 'application/vnd.apple.mpegurl', 1],
      ['hls/v0.m3u8', 'application/vnd.apple.mpegurl', 1],
      ['dash/manifest.mpd', 'application/dash+xml', 0],
    ])('sends %s to any page, to be kept for less than a segment', async (path, contentType, maxAgeSeconds) => {
      const { status, headers, body } = await ask(server.url(path));
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': contentType,
        'content-length': String(body.length),
        'cache-control': `public, max-age=${maxAgeSeconds}`,
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'Content-Length, Content-Range, Date, ETag',
        'timing-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        vary: 'Accept-Encoding',
      });
      expect(headers['content-encoding']).toBeUndefined();
    });

    it('compresses for those who accept it, with an ETag of its own', async () => {
      const url = server.url('hls/v0.m3u8');
      const [plain, gzipped] = [await ask(url), await ask(url, { headers: { 'Accept-Encoding': 'gzip, br' } })];
      expect(gzipped.headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(gzipped.body)).toEqual(plain.body);
      expect(gzipped.body.length).toBeLessThan(plain.body.length / 3);
      expect(gzipped.headers.etag).not.toBe(plain.headers.etag);
    });

    it('answers 304 until something has changed', async () => {
      const changing = liveTimeline();
      const other = await startDelivery([changing]);
      try {
        const first = await ask(other.url('hls/v0.m3u8'));
        const headers = { 'If-None-Match': String(first.headers.etag) };
        const second = await ask(other.url('hls/v0.m3u8'), { headers });
        expect([second.status, second.body.length]).toEqual([304, 0]);
        expect(second.headers.etag).toBe(first.headers.etag);
        addSegments(changing, 1, 200_000, [v0, a0]);
        expect((await ask(other.url('hls/v0.m3u8'), { headers })).status).toBe(200);
      } finally {
        await other.close();
      }
    });

    it('answers HEAD like GET without the body', async () => {
      for (const encoding of ['identity', 'gzip']) {
        const headers = { 'Accept-Encoding': encoding };
        const [get, head] = [
          await ask(server.url('hls/v0.m3u8'), { headers }),
          await ask(server.url('hls/v0.m3u8'), { headers, method: 'HEAD' }),
        ];
        expect([head.status, head.body.length]).toEqual([200, 0]);
        expect(head.headers['content-length']).toBe(String(get.body.length));
        expect(head.headers.etag).toBe(get.headers.etag);
      }
    });

    it('passes a token on into every link, and no other parameter, where somebody judges it', async () => {
      const judging = await startDelivery([timeline], { authorize: () => undefined });
      try {
        const { body } = await ask(judging.url('hls/v0.m3u8?cache=no&token=s%26cret'));
        const links = body.toString().match(/[^"\n]+\.(m4s|mp4)[^"\n]*/g) ?? [];
        expect(links.length).toBe(101);
        expect(links.every((link) => link.endsWith('?token=s%26cret'))).toBe(true);
      } finally {
        await judging.close();
      }
    });

    it('makes nothing of its own for a token that nobody judges', async () => {
      for (const path of ['hls/v0.m3u8', 'dash/manifest.mpd']) {
        const plain = await ask(server.url(path));
        const tokened = await ask(server.url(`${path}?token=s%26cret`));
        expect(tokened.headers.etag).toBe(plain.headers.etag);
        expect(tokened.body).toEqual(plain.body);
      }
    });
  });

  describe('media', () => {
    it('is the stored bytes, for a day', async () => {
      const { status, headers, body } = await ask(server.url(segmentPath));
      expect(status).toBe(200);
      expect(body).toEqual(media);
      expect(headers).toMatchObject({
        'content-type': 'video/mp4',
        'content-length': '5000',
        'cache-control': 'public, max-age=86400, immutable',
        'accept-ranges': 'bytes',
        'access-control-allow-origin': '*',
      });
      const again = await ask(server.url(segmentPath), { headers: { 'If-None-Match': String(headers.etag) } });
      expect([again.status, again.body.length]).toEqual([304, 0]);
    });

    it('is the same in both formats', async () => {
      const byTime = await ask(server.url(`dash/${timelineTag(timeline)}/v0/0/0.m4s`));
      expect(byTime.body).toEqual(media);
      const init = await ask(server.url(`dash/${timelineTag(timeline)}/v0/0/init.mp4`));
      expect(init.body.toString()).toBe('init 0 v0');
    });

    it('can be read in parts', async () => {
      const part = await ask(server.url(segmentPath), { headers: { Range: 'bytes=100-199' } });
      expect(part.status).toBe(206);
      expect(part.body).toEqual(media.subarray(100, 200));
      expect(part.headers).toMatchObject({ 'content-range': 'bytes 100-199/5000', 'content-length': '100' });
      const beyond = await ask(server.url(segmentPath), { headers: { Range: 'bytes=5000-' } });
      expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */5000']);
      expect(codeOf(beyond.body)).toBe('rangeNotSatisfiable');
      const several = await ask(server.url(segmentPath), { headers: { Range: 'bytes=0-1,5-6' } });
      expect([several.status, several.body.length]).toEqual([200, 5000]);
    });

    it('is sent whole when the part asked for is of something else', async () => {
      const { headers } = await ask(server.url(segmentPath), { method: 'HEAD' });
      const ifRange = (value: string) =>
        ask(server.url(segmentPath), { headers: { Range: 'bytes=0-9', 'If-Range': value } });
      expect((await ifRange(String(headers.etag))).status).toBe(206);
      expect((await ifRange('"other"')).status).toBe(200);
    });

    it('answers HEAD with the length of all of it, whatever range is asked for', async () => {
      const { status, headers, body } = await ask(server.url(segmentPath), {
        method: 'HEAD',
        headers: { Range: 'bytes=0-9' },
      });
      expect([status, headers['content-length'], body.length]).toEqual([200, '5000', 0]);
    });
  });

  describe('refusals', () => {
    it.each([
      ['hls/v7.m3u8', 'trackNotFound'],
      ['hls/AAAAAAAA/v0/0.m4s', 'segmentNotFound'],
      [`hls/${timelineTag(timeline)}/v0/100.m4s`, 'segmentNotFound'],
      ['hls/unknown.txt', 'notFound'],
      ['smil/Manifest', 'notFound'],
      ['dash/master.m3u8', 'notFound'],
    ])('says that %s is not there, and that nobody should remember it', async (path, code) => {
      const { status, headers, body } = await ask(server.url(path));
      expect([status, codeOf(body)]).toEqual([404, code]);
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' });
    });

    it.each(['0_idle0000', '0_none0000'])('says that %s is not live', async (entryId) => {
      const { status, body } = await ask(server.url('hls/master.m3u8', entryId));
      expect([status, codeOf(body)]).toEqual([404, 'notLive']);
    });

    it.each([
      ['climbing', '/play/0_abcd1234/hls/../../../etc/passwd'],
      ['climbing in disguise', '/play/0_abcd1234/hls/..%2f..%2fetc%2fpasswd'],
      ['a NUL', '/play/0_abcd1234/hls/%00'],
      ['a NUL before the ending', '/play/0_abcd1234/hls/v0.m3u8%00.m4s'],
      ['climbing over the root', '/play/../play/time'],
      ['10 kB of folders', `/play/0_abcd1234/hls/${'v0/'.repeat(3500)}1.m4s`],
      ['9 kB of digits', `/play/0_abcd1234/hls/AAAAAAAA/v0/${'9'.repeat(9000)}.m4s`],
      ['9 kB of token', `/play/0_abcd1234/hls/v0.m3u8?token=${'t'.repeat(9000)}`],
      ['a negative number', '/play/0_abcd1234/hls/AAAAAAAA/v0/-1.m4s'],
      ['half an escape', '/play/%'],
    ])('turns away %s', async (_, path) => {
      const startMs = performance.now();
      const { status } = await ask(server.baseUrl, { path });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(performance.now() - startMs).toBeLessThan(1000);
    });

    it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('takes no %s', async (method) => {
      const { status, headers, body } = await ask(server.url('hls/master.m3u8'), { method });
      expect([status, headers.allow, codeOf(body)]).toEqual([405, 'GET, HEAD, OPTIONS', 'methodNotAllowed']);
    });
  });

  it('lets pages of other origins ask for ranges', async () => {
    const { status, headers } = await ask(server.url(segmentPath), { method: 'OPTIONS' });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
    });
    expect(headers['access-control-allow-headers']).toContain('Range');
  });

  it('tells the time', async () => {
    const { headers, body } = await ask(`${server.baseUrl}/play/time`);
    expect(Math.abs(Date.parse(body.toString()) - Date.now())).toBeLessThan(5000);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' });
  });

  it('leaves other addresses alone', async () => {
    expect((await ask(`${server.baseUrl}/watch/0_abcd1234`)).headers['content-type']).toBe('text/html');
  });
});

describe('delivery with viewers', () => {
  it('counts those who were served, by address and user agent', async () => {
    let nowMs = 1_000_000;
    const server = await startDelivery([liveTimeline()], { now: () => nowMs });
    const watch = (path: string, headers: Record<string, string>) => ask(server.url(path), { headers });
    try {
      await watch('hls/master.m3u8', { 'User-Agent': 'one' });
      await watch('hls/v0.m3u8', { 'User-Agent': 'one' });
      await watch('hls/v0.m3u8', { 'User-Agent': 'two' });
      await watch('hls/v0.m3u8', { 'User-Agent': 'two', 'X-Forwarded-For': '198.51.100.7, 203.0.113.9' });
      await watch('hls/v9.m3u8', { 'User-Agent': 'lost' });
      expect(server.delivery.viewers('0_abcd1234')).toBe(3);
      nowMs += 15_001;
      expect(server.delivery.viewers('0_abcd1234')).toBe(0);
    } finally {
      await server.close();
    }
  });

  it('asks whether each of them may', async () => {
    const server = await startDelivery([liveTimeline()], {
      authorize: ({ token }) => Promise.resolve(token === 'good' ? undefined : refuse('forbidden')),
    });
    try {
      expect((await ask(server.url('hls/master.m3u8'))).status).toBe(403);
      expect((await ask(server.url('hls/master.m3u8?token=good'))).status).toBe(200);
    } finally {
      await server.close();
    }
  });

  it('stays up when a permission cannot be had', async () => {
    const server = await startDelivery([liveTimeline()], {
      authorize: () => Promise.reject(new Error('database is away')),
    });
    try {
      const { status, body } = await ask(server.url('hls/master.m3u8'));
      expect([status, codeOf(body)]).toEqual([500, 'internal']);
    } finally {
      await server.close();
    }
  });
});
