import { request as httpRequest, type ClientRequest, type IncomingMessage, type Server } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { duplexPair, pipeline, type Duplex } from 'node:stream';

/** A connection on which nothing moves for this long is given up; who waits for events hears something more often. */
const stallTimeoutMs = 120_000;
/** They are about a connection, and HTTP/2 has other means (RFC 9113 8.2.2). */
const connectionHeaders = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'];

/**
 * Lets a server that knows only HTTP/1.1 answer a request that came over HTTP/2: through a connection of its own, in
 * memory, that looks like the one the request came by.
 */
export function bridgeToHttp1(request: Http2ServerRequest, response: Http2ServerResponse, server: Server): void {
  const [near, far] = duplexPair();
  const forwarded = forward(request, near);
  if (!forwarded) {
    response.writeHead(400).end();
    return;
  }
  server.emit('connection', asSocket(far, request));
  const giveUp = () => {
    forwarded.destroy();
    near.destroy();
    far.destroy();
  };
  response.once('close', giveUp);
  response.setTimeout(stallTimeoutMs, () => response.stream.destroy());
  forwarded.once('response', (answer) => sendOn(answer, response));
  forwarded.once('error', () => response.stream.destroy());
  pipeline(request, forwarded, () => undefined);
}

/** Undefined for what HTTP/1.1 has no way to say, such as a space in a path. */
function forward(request: Http2ServerRequest, connection: Duplex): ClientRequest | undefined {
  const { method, url: path } = request;
  try {
    return httpRequest({ createConnection: () => connection, method, path, headers: headersFor(request) });
  } catch {
    return undefined;
  }
}

/** Who asks, and that nobody listened in, are known by the socket. */
function asSocket(duplex: Duplex, { socket }: Http2ServerRequest): Duplex {
  const { remoteAddress, remotePort } = socket;
  return Object.assign(duplex, { remoteAddress, remotePort, encrypted: true });
}

function headersFor(request: Http2ServerRequest): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !name.startsWith(':') && !connectionHeaders.includes(name)) headers[name] = value;
  }
  headers.host = request.authority;
  headers.connection = 'close';
  return headers;
}

function sendOn(answer: IncomingMessage, response: Http2ServerResponse): void {
  if (response.stream.destroyed) return;
  const headers = Object.entries(answer.headers).filter(
    ([name, value]) => value !== undefined && !connectionHeaders.includes(name),
  );
  response.writeHead(answer.statusCode ?? 500, Object.fromEntries(headers));
  pipeline(answer, response, () => undefined);
}
