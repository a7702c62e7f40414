import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorBody, errorTable, refuse, type ErrorCode } from '../errors.ts';

/** Long enough to read an answer; what is still sent until then is thrown away, for to refuse it would take the answer back. */
const lingerMs = 1000;

/** Errors of Node's parser that are not just bad requests. */
const byCode: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'headTooLarge',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payloadTooLarge',
  ERR_HTTP_REQUEST_TIMEOUT: 'requestTimedOut',
};

/** Has HTTP/1.1 that cannot be read, or does not come, answered like everything else that is refused, and the connection closed. */
export function answerUnreadable(server: NetServer): void {
  const answered = new WeakSet<Duplex>();
  const unfinished = new WeakMap<Duplex, Set<ServerResponse>>();

  server.on('request', ({ httpVersionMajor, socket }: IncomingMessage, response: ServerResponse) => {
    if (httpVersionMajor > 1) return;
    const responses = unfinished.get(socket) ?? new Set();
    unfinished.set(socket, responses.add(response));
    response.once('close', () => responses.delete(response));
  });

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // The parser tells of everything that comes behind what it could not read.
    if (answered.has(socket)) return;
    const code = codeOf(error);
    const hasBegun = [...(unfinished.get(socket) ?? [])].some(({ headersSent }) => headersSent);
    if (!code || !socket.writable || hasBegun) {
      socket.destroy();
      return;
    }
    answered.add(socket);
    const linger = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => clearTimeout(linger));
    socket.end(answerOf(code));
  });
}

/** Undefined for what is no matter of HTTP: a handshake that failed, a connection that broke. */
function codeOf({ code = '' }: NodeJS.ErrnoException): ErrorCode | undefined {
  return byCode[code] ?? (code.startsWith('HPE_') ? 'badRequest' : undefined);
}

function answerOf(code: ErrorCode): string {
  const { status } = errorTable[code];
  const body = JSON.stringify(errorBody(refuse(code)));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/json; charset=utf-8',
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
