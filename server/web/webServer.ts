import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { listen, type HttpHandler } from '../http.ts';
import type { Closable } from '../lifecycle.ts';
import type { Logger } from '../log.ts';
import { answerUnreadable } from './answerUnreadable.ts';
import { bridgeToHttp1 } from './bridgeToHttp1.ts';

/** What is shown to those who connect, and tells when that has changed. */
export interface ShownCertificate {
  readonly current: { readonly cert: string; readonly key: string };
  onChanged(listener: () => void): () => void;
}

export interface WebServerOptions {
  /** HTTPS, with HTTP/2 for those who want it; undefined for HTTP/1.1 in the clear. */
  readonly certificate: ShownCertificate | undefined;
  /** Asked in their order, with either version of HTTP. */
  readonly handlers: readonly HttpHandler[];
  /** Answers the rest. */
  readonly app: RequestListener;
  readonly log: Logger;
}

const timeouts = { requestTimeout: 60_000, headersTimeout: 20_000, keepAliveTimeout: 65_000 };
const handshakeTimeout = 20_000;
/** A page's requests, and a player's several at a time. */
const maxConcurrentStreams = 128;

/** The web port. What speaks HTTP/1.1 only is kept apart from what came over HTTP/2. */
export class WebServer implements Closable {
  /** For what attaches itself to a server: gets every request and upgrade that no handler took, as HTTP/1.1. */
  readonly inner: Server;
  readonly #outer: NetServer;
  readonly #handlers: readonly HttpHandler[];
  readonly #sockets = new Set<Socket>();
  readonly #stopListening: () => void;
  #closing: Promise<void> | undefined;

  constructor({ certificate, handlers, app, log }: WebServerOptions) {
    this.#handlers = handlers;
    this.inner = createServer(timeouts, app);
    const outer = certificate ? secureServer(certificate) : createServer(timeouts);
    this.#outer = outer;
    for (const server of [this.inner, outer]) answerUnreadable(server);
    this.#stopListening =
      certificate && 'setSecureContext' in outer
        ? certificate.onChanged(() => outer.setSecureContext(certificate.current))
        : () => undefined;
    outer.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    outer.on(
      'request',
      (request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse) =>
        this.#answer(request, response),
    );
    outer.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.inner.emit('upgrade', request, socket, head);
    });
    // Connections that cannot be accepted, for one: those that are there go on.
    outer.on('error', (error) => {
      if (outer.listening) log.error({ err: error }, 'the HTTP server failed');
    });
  }

  /** Resolves with the port listened on. */
  listen(port: number): Promise<number> {
    return listen(this.#outer, port, 'HTTP_PORT');
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#stopListening();
      this.#outer.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
    return this.#closing;
  }

  #answer(request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse): void {
    const [asked, answer] = isHttp1(request)
      ? [request, response as ServerResponse]
      : asHttp1(request, response as Http2ServerResponse);
    if (this.#handlers.some((handler) => handler(asked, answer))) return;
    if (isHttp1(request)) this.inner.emit('request', asked, answer);
    else bridgeToHttp1(request, response as Http2ServerResponse, this.inner);
  }
}

function secureServer({ current }: ShownCertificate) {
  const settings = { maxConcurrentStreams };
  const server = createSecureServer({ ...current, allowHTTP1: true, handshakeTimeout, settings });
  server.on('session', (session) => session.setTimeout(timeouts.keepAliveTimeout * 2, () => session.close()));
  return Object.assign(server, timeouts);
}

function isHttp1(request: IncomingMessage | Http2ServerRequest): request is IncomingMessage {
  return request.httpVersionMajor < 2;
}

/** Node's own likeness of HTTP/1.1, with the little that it lacks and that handlers use. */
function asHttp1(request: Http2ServerRequest, response: Http2ServerResponse): [IncomingMessage, ServerResponse] {
  request.headers.host ??= request.authority;
  Object.defineProperty(response, 'destroyed', { get: () => response.stream.destroyed });
  return [request as unknown as IncomingMessage, response as unknown as ServerResponse];
}
