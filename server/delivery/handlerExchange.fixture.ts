import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { HttpHandler } from '../http.ts';

/** What a handler writes, kept. */
class Sink extends Duplex {
  readonly written: Buffer[] = [];
  readonly remoteAddress = '192.0.2.1';

  setTimeout(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    done();
  }
}

/**
 * Asks a handler for any URL, also for one that no HTTP parser would let through, and many thousand times a second: Node's
 * own request and response, on a socket that goes nowhere.
 */
export async function askHandler(
  handler: HttpHandler,
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Buffer }> {
  const socket = new Sink();
  const request = new IncomingMessage(socket as unknown as Socket);
  Object.assign(request, { url, method: 'GET', httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1, headers });
  const response = new ServerResponse(request);
  response.assignSocket(socket as unknown as Socket);
  // As the server does once an answer is out.
  response.once('finish', () => response.emit('close'));
  const finished = once(response, 'finish');
  if (!handler(request, response)) throw new Error(`not for this handler: ${url}`);
  await finished;
  socket.destroy();
  const bytes = Buffer.concat(socket.written);
  return { status: response.statusCode, body: bytes.subarray(bytes.indexOf('\r\n\r\n') + 4) };
}
