import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { get as httpsGet } from 'node:https';
import { get as httpGet } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { Browser } from '@playwright/test';
import express from 'express';
import { Server as SocketServer } from 'socket.io';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchBrowser } from '../../e2e/drivers/browser.ts';
import { createDelivery, type Delivery } from '../delivery/delivery.ts';
import { createLog } from '../log.ts';
import { GrowingTimeline } from '../packaging/hls/growingTimeline.fixture.ts';
import { packagers } from '../packaging/packagers.ts';
import type { Certificate } from '../tls/certificate.ts';
import { openCertificate } from '../tls/openCertificate.ts';
import { WebServer } from './webServer.ts';

const log = createLog('silent', false);
let directory: string;
let certificate: Certificate;
let broadcast: GrowingTimeline;
let delivery: Delivery;
let web: WebServer;
let sockets: SocketServer;
let origin: string;
/** What the app was asked, as it saw it. */
let seen: { httpVersion: string; secure: boolean; ip: string | undefined; host: string | undefined }[];
/** Aborted requests to `/slow`. */
let aborted = 0;

function createApp() {
  const app = express();
  app.use((request, _response, next) => {
    const { httpVersion, secure, socket, headers } = request;
    seen.push({ httpVersion, secure, ip: socket.remoteAddress, host: headers.host });
    next();
  });
  app.get('/hello', (_request, response) => void response.cookie('a', '1').cookie('b', '2').send('hello'));
  app.post(
    '/echo',
    express.raw({ type: '*/*', limit: '20mb' }),
    (request, response) => void response.send(request.body),
  );
  app.get('/big', (_request, response) => void response.send(Buffer.alloc(8_000_000, 'big')));
  app.get('/slow', (_request, response) => {
    response.once('close', () => aborted++);
    response.write('begun');
  });
  return app;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'web-server-'));
  certificate = await openCertificate({
    files: undefined,
    dataDir: directory,
    announcedAddress: '127.0.0.1',
    publicUrl: 'https://localhost',
    now: Date.now,
    log,
  });
  broadcast = new GrowingTimeline({ windowSeconds: 3600 });
  broadcast.addSegments(3);
  broadcast.open();
  broadcast.grow([0]);
  delivery = createDelivery({ timelines: { playing: () => broadcast.timeline }, packagers, log });
  seen = [];
  web = new WebServer({ certificate, handlers: [delivery.handler], app: createApp(), log });
  sockets = new SocketServer(web.inner, { serveClient: false });
  sockets.on('connection', (socket) =>
    socket.on('ask', (text: string, answer: (text: string) => void) => answer(text)),
  );
  origin = `https://localhost:${await web.listen(0)}`;
});
afterAll(async () => {
  await sockets.close();
  await web.close();
  await delivery.close();
  await certificate.close();
  await rm(directory, { recursive: true, force: true });
});

function openSession(): ClientHttp2Session {
  return connect(origin, { rejectUnauthorized: false });
}

async function ask(
  session: ClientHttp2Session,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  const stream = session.request({ ':path': path, ...headers });
  stream.end(body);
  const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return { status: answer[':status'], headers: answer, body: Buffer.concat(chunks) };
}

describe('over HTTP/2', () => {
  let session: ClientHttp2Session;
  beforeAll(() => {
    session = openSession();
  });
  afterAll(() => session.destroy());

  it('media are answered without a detour', async () => {
    const manifest = await ask(session, '/play/0_abcd1234/hls/v0.m3u8');
    expect([manifest.status, manifest.headers['content-type']]).toEqual([200, 'application/vnd.apple.mpegurl']);
    const segment = /\n([^#\n]+\.m4s)\n/.exec(manifest.body.toString())![1]!;
    const { status, headers, body } = await ask(session, `/play/0_abcd1234/hls/${segment}`, { range: 'bytes=10-19' });
    expect([status, headers['content-range'], body.length]).toEqual([206, 'bytes 10-19/600', 10]);
    const refused = await ask(session, '/play/0_abcd1234/hls/v9.m3u8');
    expect([refused.status, JSON.parse(refused.body.toString())]).toMatchObject([
      404,
      { error: { code: 'trackNotFound' } },
    ]);
    expect((await ask(session, '/play/0_abcd1234/hls/v0.m3u8', { ':method': 'HEAD' })).body.length).toBe(0);
    expect(seen).toEqual([]);
  });

  it('blocked reloads of one connection wait side by side, and are given up with their stream', async () => {
    const reload = '/play/0_abcd1234/hls/v0.m3u8?_HLS_msn=3&_HLS_part=';
    const answers = [1, 2, 1].map((part) => ask(session, reload + part));
    const left = session.request({ ':path': `${reload}3` });
    left.end();
    await vi.waitUntil(() => broadcast.timeline.listeners === 4);
    left.close(constants.NGHTTP2_CANCEL);
    await vi.waitUntil(() => broadcast.timeline.listeners === 3);
    expect((await ask(session, '/play/time')).status).toBe(200);
    broadcast.grow([1]);
    broadcast.grow([2]);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(broadcast.timeline.listeners).toBe(0);
  });

  it('pages and calls see a request of HTTP/1.1, from whom it is', async () => {
    seen.length = 0;
    const { status, headers, body } = await ask(session, '/hello', { cookie: 'c=1' });
    expect([status, body.toString()]).toEqual([200, 'hello']);
    expect(headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; Path=/']);
    expect(headers.connection).toBeUndefined();
    expect(seen).toEqual([
      { httpVersion: '1.1', secure: true, ip: expect.stringMatching(/127\.0\.0\.1|::1/), host: origin.slice(8) },
    ]);
    expect((await ask(session, '/nowhere')).status).toBe(404);
  });

  it('bodies go both ways, however large', async () => {
    const body = Buffer.alloc(5_000_000, 'body');
    const echoed = await ask(session, '/echo', { ':method': 'POST', 'content-type': 'application/octet-stream' }, body);
    expect(echoed.body.equals(body)).toBe(true);
    expect((await ask(session, '/big')).body.length).toBe(8_000_000);
    expect((await ask(session, '/echo', { ':method': 'POST' })).status).toBe(200);
  });

  it.each<Record<string, string>>([
    { ':path': '/a b' },
    { ':path': '/\u00ff' },
    { ':method': 'A B' },
    { ':path': '*', ':method': 'OPTIONS' },
    { ':path': 'https://elsewhere.test/hello' },
    { 'x-odd': '\u00ff\u0080' },
    { 'content-length': '7' },
    { expect: 'the unexpected' },
  ])('%j does no harm', async (headers) => {
    const other = openSession();
    other.on('error', () => undefined);
    const stream = other.request({ ':path': '/hello', ...headers });
    stream.on('error', () => undefined).end();
    stream.resume();
    await new Promise((resolve) => stream.once('close', resolve));
    other.destroy();
    expect((await ask(session, '/hello')).status).toBe(200);
  });

  it('many at once are answered', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(session, '/hello')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('an answer that nobody waits for is given up', async () => {
    const before = aborted;
    const stream = session.request({ ':path': '/slow' });
    await once(stream, 'data');
    stream.close(constants.NGHTTP2_CANCEL);
    await expect.poll(() => aborted).toBe(before + 1);
  });
});

describe('over HTTP/1.1', () => {
  it('everything is answered as well', async () => {
    for (const path of ['/hello', '/play/time']) {
      const request = httpsGet(origin + path, { rejectUnauthorized: false });
      const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
      response.resume();
      expect([path, response.statusCode, response.httpVersion]).toEqual([path, 200, '1.1']);
    }
  });

  it('events have their WebSocket', async () => {
    const client = io(origin, { transports: ['websocket'], rejectUnauthorized: false });
    try {
      expect(await client.emitWithAck('ask', 'hello')).toBe('hello');
    } finally {
      client.close();
    }
  });

  it('a port without TLS answers, too', async () => {
    const plain = new WebServer({ certificate: undefined, handlers: [delivery.handler], app: createApp(), log });
    const port = await plain.listen(0);
    for (const path of ['/hello', '/play/time']) {
      const [response] = (await once(httpGet(`http://127.0.0.1:${port}${path}`), 'response')) as [
        import('node:http').IncomingMessage,
      ];
      response.resume();
      expect(response.statusCode).toBe(200);
    }
    await plain.close();
    await plain.close();
  });
});

describe('a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it('speaks HTTP/2, and has events by polling and by WebSocket beside it', async () => {
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await page.goto(`${origin}/hello`);
    const protocols = await page.evaluate(async () => {
      await fetch('/play/time');
      const polled = await fetch('/socket.io/?EIO=4&transport=polling');
      const opened = new WebSocket(`wss://${location.host}/socket.io/?EIO=4&transport=websocket`);
      const first = await new Promise((resolve, reject) => {
        opened.addEventListener('message', ({ data }) => resolve(String(data).slice(0, 1)));
        opened.addEventListener('error', () => reject(new Error('no WebSocket')));
      });
      opened.close();
      const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      return [...entries.map(({ nextHopProtocol }) => nextHopProtocol), polled.status, first];
    });
    expect(protocols).toEqual(expect.arrayContaining(['h2', 'h2', 200, '0']));
    expect(protocols).not.toContain('http/1.1');
  });
});

it('lets nobody wait who says nothing, and closes with everything open', async () => {
  const other = new WebServer({ certificate, handlers: [delivery.handler], app: createApp(), log });
  const port = await other.listen(0);
  const session = connect(`https://localhost:${port}`, { rejectUnauthorized: false });
  const silent = connectTls({ port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
  silent.on('error', () => undefined);
  session.on('error', () => undefined);
  const blocked = session.request({ ':path': '/play/0_abcd1234/hls/v0.m3u8?_HLS_msn=4' });
  blocked.on('error', () => undefined);
  blocked.end();
  await once(silent, 'secureConnect');
  await vi.waitUntil(() => broadcast.timeline.listeners === 1);
  const closed = [session, silent].map((open) => new Promise((resolve) => open.once('close', resolve)));
  await Promise.all([other.close(), ...closed]);
  await expect.poll(() => broadcast.timeline.listeners).toBe(0);
});
