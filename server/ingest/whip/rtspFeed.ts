import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Logger } from '../../log.ts';
import { RtspRequestReader, type RtspRequest } from './rtspRequestReader.ts';

export interface RtspFeedOptions {
  readonly description: string;
  /** Part of the URL: the port is open to everyone on this machine. */
  readonly secret: string;
  readonly log: Logger;
  /** The reader has asked for media. */
  onPlaying(): void;
}

/** The channels that each `a=control` of the description is sent on (RTP, RTCP). */
const channels: Readonly<Record<string, string>> = { video: '0-1', audio: '2-3' };
const sessionHeader = 'Session: 1;timeout=60';

/** As much of an RTSP 1.0 server (RFC 2326) as one reader on this machine needs: media interleaved on its connection. */
export class RtspFeed {
  readonly url: string;
  readonly #server: Server;
  readonly #options: RtspFeedOptions;
  readonly #sockets = new Set<Socket>();
  #reader: Socket | undefined;
  #playing = false;
  #closing: Promise<void> | undefined;

  constructor(server: Server, port: number, options: RtspFeedOptions) {
    this.#server = server;
    this.#options = options;
    this.url = `rtsp://127.0.0.1:${port}/${options.secret}`;
    server.on('connection', (socket) => this.#welcome(socket));
  }

  get isPlaying(): boolean {
    return this.#playing;
  }

  /** What the reader has not taken yet. */
  get bufferedBytes(): number {
    return this.#reader?.writableLength ?? 0;
  }

  write(bytes: Buffer): void {
    if (this.#playing) this.#reader?.write(bytes);
  }

  /** What was written is still delivered. */
  finish(): void {
    this.#playing = false;
    if (this.#reader) this.#reader.end();
    else void this.close();
  }

  close(): Promise<void> {
    this.#playing = false;
    this.#closing ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
    return this.#closing;
  }

  #welcome(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    const requests = new RtspRequestReader();
    socket.on('data', (bytes: Buffer) => {
      const read = requests.push(bytes);
      if (!read) socket.destroy();
      for (const request of read ?? []) this.#answer(socket, request);
    });
    // A reader that goes away in the middle is noticed by whoever runs it.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (socket === this.#reader) this.#playing = false;
    });
  }

  #answer(socket: Socket, { method, url, sequence, headers }: RtspRequest): void {
    const reply = (lines: readonly string[] = [], body = '', status = '200 OK') => {
      socket.write([`RTSP/1.0 ${status}`, `CSeq: ${sequence}`, ...lines, '', body].join('\r\n'));
    };
    const path = `${url}/`.startsWith(`${this.url}/`) ? url.slice(this.url.length + 1) : undefined;
    if (path === undefined || (this.#reader && this.#reader !== socket)) {
      reply([], '', '404 Not Found');
      socket.end();
      return;
    }
    switch (method) {
      case 'OPTIONS':
        return reply(['Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN']);
      case 'DESCRIBE': {
        this.#reader = socket;
        // One reader is all there will be.
        this.#server.close();
        const { description } = this.#options;
        const length = Buffer.byteLength(description);
        return reply(
          ['Content-Type: application/sdp', `Content-Base: ${this.url}/`, `Content-Length: ${length}`],
          description,
        );
      }
      case 'SETUP': {
        const interleaved = channels[path];
        if (!interleaved || !headers.get('transport')?.includes('RTP/AVP/TCP'))
          return reply([], '', '461 Unsupported Transport');
        return reply([`Transport: RTP/AVP/TCP;unicast;interleaved=${interleaved}`, sessionHeader]);
      }
      case 'PLAY':
        if (this.#reader !== socket) return reply([], '', '455 Method Not Valid in This State');
        reply([sessionHeader]);
        this.#playing = true;
        return this.#options.onPlaying();
      case 'GET_PARAMETER':
        return reply([sessionHeader]);
      case 'TEARDOWN':
        this.#playing = false;
        reply();
        socket.end();
        return;
      default:
        return reply([], '', '501 Not Implemented');
    }
  }
}

export async function openRtspFeed(options: RtspFeedOptions): Promise<RtspFeed> {
  const server = createServer();
  server.maxConnections = 4;
  server.on('error', (error) => options.log.warn({ err: error }, 'loopback feed'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new RtspFeed(server, port, options);
}
