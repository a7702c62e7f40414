import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server, constants } from 'node:http2';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen, type HttpHandler } from '../http.ts';
import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { a0, addSegments, segmentOf, v0 } from '../packaging/tracks.fixture.ts';
import { ask, codeOf } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

let timeline: MemoryTimeline;
let server: DeliveryServer;

/** The part of a segment that begins at a position of the picture, and lasts a third of a second. */
function grow(startMs: number, text: string): void {
  timeline.grow('v0', { startTicks: startMs * 90, durationTicks: 30_000, independent: true }, Buffer.from(text));
}

function complete(text: string): void {
  const media = Buffer.from(text);
  timeline.add({
    startMs: 4000,
    durationMs: 2000,
    tracks: { v0: { startTicks: 4000 * 90, durationTicks: 180_000, media } },
  });
}

const url = () => server.url(`dash/${timelineTag(timeline)}/v0/0/${4000 * 90}.m4s`);

async function begin(headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const request = httpRequest(url(), { headers });
  request.on('error', () => undefined);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

async function nextChunk(response: IncomingMessage): Promise<string> {
  const [chunk] = (await once(response, 'data')) as [Buffer];
  return chunk.toString();
}

beforeEach(async () => {
  timeline = new MemoryTimeline({});
  timeline.startPeriod(0, [v0, a0]);
  addSegments(timeline, 2, 0, [v0, a0]);
  timeline.open(4000);
  server = await startDelivery([timeline], { stallTimeoutMs: 300 });
});
afterEach(() => server.close());

describe('a segment that is being written', () => {
  it('is sent as it comes, and is the same bytes once it is stored', async () => {
    grow(4000, 'one ');
    const response = await begin();
    expect(await nextChunk(response)).toBe('one ');
    expect(response.headers).toMatchObject({
      'transfer-encoding': 'chunked',
      'content-type': 'video/mp4',
      'cache-control': 'public, max-age=86400, immutable',
      'access-control-allow-origin': '*',
    });
    expect(response.headers['content-length']).toBeUndefined();
    expect(response.headers.etag).toBeUndefined();
    grow(4333, 'two');
    expect(await nextChunk(response)).toBe('two');
    const ended = once(response, 'end');
    complete('one two');
    await ended;
    const stored = await ask(url());
    expect([stored.body.toString(), stored.headers['content-length']]).toEqual(['one two', '7']);
  });

  it('is waited for by who asks shortly before it has begun', async () => {
    const asked = once(server.server, 'request');
    const response = begin();
    await asked;
    grow(4000, 'one');
    expect((await response).statusCode).toBe(200);
    expect(await nextChunk(await response)).toBe('one');
  });

  it('is a 404 to who asks for what comes after the next', async () => {
    const { status, body } = await ask(server.url(`dash/${timelineTag(timeline)}/v0/0/${9000 * 90}.m4s`));
    expect([status, codeOf(body)]).toEqual([404, 'segmentNotFound']);
  });

  it('ends in an error when it cannot be stored', async () => {
    grow(4000, 'one');
    const response = await begin();
    await nextChunk(response);
    const failed = once(response, 'error');
    timeline.fail(new Error('the disk is full'));
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(response.complete).toBe(false);
  });

  it('ends in a reset for clients that know no chunks', async () => {
    grow(4000, 'one');
    const socket = connect(Number(new URL(server.baseUrl).port), '127.0.0.1');
    socket.write(`GET ${new URL(url()).pathname} HTTP/1.0\r\nHost: x\r\n\r\n`);
    await once(socket, 'data');
    const failed = once(socket, 'error');
    timeline.fail(new Error('the disk is full'));
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('is sent whole, whatever part is asked for', async () => {
    grow(4000, 'one');
    const response = await begin({ Range: 'bytes=1-' });
    expect([response.statusCode, await nextChunk(response)]).toEqual([200, 'one']);
  });

  it('answers HEAD without waiting for the end', async () => {
    grow(4000, 'one');
    const { status, headers, body } = await ask(url(), { method: 'HEAD' });
    expect([status, headers['content-type'], body.length]).toEqual([200, 'video/mp4', 0]);
  });

  it('is let go of when the viewer goes away', async () => {
    grow(4000, 'one');
    const response = await begin();
    await nextChunk(response);
    expect(timeline.followers).toBe(1);
    response.on('error', () => undefined).destroy();
    await expect.poll(() => timeline.followers).toBe(0);
  });

  it('is not waited for any longer when the viewer goes away', async () => {
    const waiting = httpRequest(url()).on('error', () => undefined);
    waiting.end();
    await expect.poll(() => timeline.listeners).toBe(1);
    waiting.destroy();
    await expect.poll(() => timeline.listeners).toBe(0);
  });

  it('is not kept for a reader that takes nothing', async () => {
    timeline.grow(
      'v0',
      { startTicks: 4000 * 90, durationTicks: 30_000, independent: true },
      Buffer.alloc(20 * 1024 * 1024),
    );
    const socket = connect(Number(new URL(server.baseUrl).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(`GET ${new URL(url()).pathname} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await expect.poll(() => timeline.followers).toBe(1);
    await expect.poll(() => timeline.followers, { timeout: 5000 }).toBe(0);
    socket.destroy();
  });

  it('is sent over HTTP/2, where a failure resets the stream', async () => {
    const http2 = createHttp2Server((request, response) => {
      (server.delivery.handler as unknown as (...of: unknown[]) => ReturnType<HttpHandler>)(request, response);
    });
    const port = await listen(http2, 0, 'HTTP_PORT');
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    try {
      grow(4000, 'one');
      const stream = session.request({ ':path': new URL(url()).pathname });
      const [chunk] = (await once(stream, 'data')) as [Buffer];
      expect(chunk.toString()).toBe('one');
      const failed = once(stream, 'error');
      timeline.fail(new Error('the disk is full'));
      await failed;
      expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    } finally {
      session.close();
      http2.close();
    }
  });

  it('leaves segments of other tracks as they were', async () => {
    grow(4000, 'one');
    timeline.add(segmentOf(4000, 2000, [v0, a0]));
    expect((await ask(server.url(`dash/${timelineTag(timeline)}/a0/0/${4000 * 48}.m4s`))).status).toBe(200);
  });
});
