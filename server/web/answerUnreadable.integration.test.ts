import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLog } from '../log.ts';
import type { Certificate } from '../tls/certificate.ts';
import { openCertificate } from '../tls/openCertificate.ts';
import { answerUnreadable } from './answerUnreadable.ts';
import { WebServer } from './webServer.ts';

const log = createLog('silent', false);
const app: RequestListener = (request, response) => {
  if (request.url === '/begun') response.write('begun');
  else if (request.url !== '/late') response.end('hello');
};
const long = 'a'.repeat(20_000);

/** All that is answered until the connection ends, after the pieces were sent. */
async function answerTo(socket: Socket, ...pieces: string[]): Promise<string> {
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await closed;
  return answer;
}

/** Status, code, and whether it is said that the connection ends. */
function read(answer: string): [number, string, boolean] {
  const [head, body] = answer.split('\r\n\r\n') as [string, string];
  const { error } = JSON.parse(body) as { error: { code: string; message: string } };
  expect(error.message).toMatch(/\.$/);
  expect(head).toMatch(/Content-Type: application\/json/);
  expect(head).toContain(`Content-Length: ${body.length}`);
  return [Number(head.split(' ')[1]), error.code, head.includes('Connection: close')];
}

describe.each(['http', 'https'])('over %s, what cannot be read', (scheme) => {
  let directory: string;
  let certificate: Certificate;
  let web: WebServer;
  let port: number;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'unreadable-'));
    certificate = await openCertificate({
      files: undefined,
      dataDir: directory,
      announcedAddress: '127.0.0.1',
      publicUrl: 'https://localhost',
      now: Date.now,
      log,
    });
    web = new WebServer({ certificate: scheme === 'https' ? certificate : undefined, handlers: [], app, log });
    port = await web.listen(0);
  });
  afterAll(async () => {
    await web.close();
    await certificate.close();
    await rm(directory, { recursive: true, force: true });
  });

  const open = async (): Promise<Socket> => {
    if (scheme === 'http') return connect(port);
    const socket = connectTls({ port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
    await once(socket, 'secureConnect');
    return socket;
  };
  const ask = async (...pieces: string[]) => await answerTo(await open(), ...pieces);

  it.each([
    ['a long query', [`GET /?${long} HTTP/1.1\r\nHost: x\r\n\r\n`], 431, 'headTooLarge'],
    ['a long header', [`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${long}\r\n\r\n`], 431, 'headTooLarge'],
    ['a head that goes on and on', Array<string>(20).fill(`GET /?${long}`), 431, 'headTooLarge'],
    ['a NUL in the address', ['GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n'], 400, 'badRequest'],
    ['nonsense', ['\x16\x03\x01 nonsense\r\n\r\n', 'more'], 400, 'badRequest'],
    [
      'a body in pieces that are none',
      ['POST /late HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n', 'zz\r\n'],
      400,
      'badRequest',
    ],
  ] as const)('(%s) is answered in JSON, and the connection ends', async (_name, pieces, status, code) => {
    expect(read(await ask(...pieces))).toEqual([status, code, true]);
  });

  it('behind a request that was answered is answered as well', async () => {
    const [first, ...rest] = (await ask('GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\0\r\n\r\n')).split('HTTP/1.1 400');
    expect(first).toContain('hello');
    expect(read(`HTTP/1.1 400${rest.join('')}`)).toEqual([400, 'badRequest', true]);
  });

  it('behind an answer that has begun only ends it', async () => {
    const answer = await ask('GET /begun HTTP/1.1\r\nHost: x\r\n\r\n', '\0\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 200 [^]*begun\r\n$/);
  });

  it.runIf(scheme === 'https')('of a connection that is not encrypted is not answered', async () => {
    expect(await answerTo(connect(port), 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('');
  });

  it.runIf(scheme === 'https')('of a request that came over HTTP/2 is answered there', async () => {
    const session = connectHttp2(`https://localhost:${port}`, { rejectUnauthorized: false });
    const stream = session.request({ ':path': `/?${long}` });
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    session.destroy();
    const { error } = JSON.parse(String(Buffer.concat(chunks))) as { error: { code: string } };
    expect([headers[':status'], error.code]).toEqual([431, 'headTooLarge']);
  });
});

describe('a server that was sent what it cannot read', () => {
  const servers: Server[] = [];
  afterAll(() => servers.forEach((server) => server.close()));

  async function start(options: ServerOptions = {}): Promise<{ server: Server; port: number }> {
    const server = createServer(options, app);
    answerUnreadable(server);
    servers.push(server);
    await once(server.listen(0), 'listening');
    return { server, port: (server.address() as AddressInfo).port };
  }

  const connectionsOf = async (server: Server) =>
    await new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));

  it('keeps no connection, also of those who never end theirs, and of those who go on sending', async () => {
    const { server, port } = await start();
    const sockets = Array.from({ length: 20 }, () => connect({ port, allowHalfOpen: true }));
    const sending = sockets.map((socket, index) => {
      socket.on('error', () => undefined);
      socket.write('\0\r\n\r\n');
      return setInterval(() => void (index % 2 === 0 && socket.writable && socket.write(long)), 50);
    });
    await vi.waitUntil(async () => (await connectionsOf(server)) === 20);
    await expect.poll(() => connectionsOf(server), { timeout: 5000 }).toBe(0);
    sending.forEach(clearInterval);
    for (const socket of sockets) socket.destroy();
    expect(read(await answerTo(connect(port), '\0\r\n\r\n'))).toEqual([400, 'badRequest', true]);
  });

  it('gives up a request that does not come, and says so', async () => {
    const { port } = await start({ headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 50 });
    expect(read(await answerTo(connect(port), 'GET / HT'))).toEqual([408, 'requestTimedOut', true]);
    const body = 'POST /late HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n';
    expect(read(await answerTo(connect(port), body, 'half'))).toEqual([408, 'requestTimedOut', true]);
  });

  it('takes it for what it is when the other side is gone', async () => {
    const { server, port } = await start();
    const socket = connect(port);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(`GET /?${long} HTTP/1.1\r\n`);
    socket.resetAndDestroy();
    expect(read(await answerTo(connect(port), '\0\r\n\r\n'))).toEqual([400, 'badRequest', true]);
    await expect.poll(() => connectionsOf(server)).toBe(0);
  });
});
