import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import { addMadeSegments, withInit } from '../packaging/hds/madeTimeline.fixture.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { a0, v0 } from '../packaging/tracks.fixture.ts';
import { ask, codeOf } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

describe('HDS over HTTP', () => {
  const timeline = new MemoryTimeline({ windowSeconds: 20 });
  const tag = timelineTag(timeline);
  let server: DeliveryServer;

  beforeAll(async () => {
    timeline.startPeriod(0, [v0, a0].map(withInit));
    addMadeSegments(timeline, 30, 0, [v0, a0]);
    server = await startDelivery([timeline]);
  });
  afterAll(() => server.close());

  it.each([
    ['manifest.f4m', 'application/f4m+xml'],
    ['set.f4m', 'application/f4m+xml'],
    ['v0.f4m', 'application/f4m+xml'],
    [`${tag}/bootstrap.abst`, 'video/abst'],
  ])('sends %s to be kept for less than a segment', async (path, contentType) => {
    const { status, headers } = await ask(server.url(`hds/${path}`));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': contentType,
      'cache-control': 'public, max-age=1',
      'access-control-allow-origin': '*',
    });
  });

  it('sends the fragments at the edge and at the window’s beginning, whole and in parts, for a day', async () => {
    for (const number of [30, 21]) {
      const url = server.url(`hds/${tag}/v0Seg1-Frag${number}`);
      const { status, headers, body } = await ask(url);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'video/f4f',
        'content-length': String(body.length),
        'cache-control': 'public, max-age=86400, immutable',
      });
      const part = await ask(url, { headers: { Range: 'bytes=4-7' } });
      expect([part.status, part.body.toString()]).toEqual([206, 'moof']);
      expect(part.headers['content-range']).toBe(`bytes 4-7/${body.length}`);
      const head = await ask(url, { method: 'HEAD' });
      expect(head.headers['content-length']).toBe(String(body.length));
      const again = await ask(url, { headers: { 'If-None-Match': String(headers.etag) } });
      expect(again.status).toBe(304);
    }
  });

  it.each([
    [`${tag}/v0Seg1-Frag999999`, 'segmentNotFound'],
    [`${tag}/v0Seg1-Frag1`, 'segmentNotFound'],
    [`${tag}/v1Seg1-Frag21`, 'trackNotFound'],
    ['AAAAAAAA/v0Seg1-Frag21', 'segmentNotFound'],
    ['AAAAAAAA/bootstrap.abst', 'segmentNotFound'],
    ['v9.f4m', 'trackNotFound'],
    [`${tag}/v0Seg2-Frag1`, 'notFound'],
    [`${tag}/v0Seg1-Frag-1`, 'notFound'],
    [`${tag}/v0Seg1-Frag0`, 'notFound'],
    [`${tag}/v0Seg1-Frag021`, 'notFound'],
    [`${tag}/v0Seg1-Frag21/`, 'notFound'],
    [`${tag}/v0Seg1-Frag${'9'.repeat(100)}`, 'notFound'],
    [`${tag}/..%2fv0Seg1-Frag21`, 'notFound'],
    [`${tag}/v0/../v0Seg1-Frag21`, 'notFound'],
    ['manifest.f4m/', 'notFound'],
    ['master.m3u8', 'notFound'],
    ['.f4m', 'notFound'],
    ['', 'notFound'],
  ])('answers 404 to %s', async (path, code) => {
    // As it is: a URL object would resolve what a hostile client sends.
    const answer = await ask(server.baseUrl, { path: `/play/0_abcd1234/hds/${path}` });
    expect(answer.status).toBe(404);
    expect(codeOf(answer.body)).toBe(code);
  });
});
