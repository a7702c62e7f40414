import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { errorBody, errorTable, type Refusal } from './errors.ts';

/** A raw handler: true when the request was its business (it answers, now or later). */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The port could not be had; the message names it and the setting that changes it. */
export class PortError extends Error {}

/** Resolves with the port listened on (for a port of 0, the one the system chose). */
export function listen(server: Server | NetServer, port: number, setting: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(portError(error, port, setting));
    server.once('error', onError);
    server.listen(port, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** The sentence for a port that cannot be listened on. */
function portError(error: NodeJS.ErrnoException, port: number, setting: string): Error {
  if (error.code === 'EADDRINUSE') return new PortError(`Port ${port} is in use; set ${setting} to another one.`);
  if (error.code === 'EACCES')
    return new PortError(`Port ${port} needs more rights; set ${setting} to one above 1023.`);
  return error;
}

/** Answers `{error: {code, message}}` with the table's status. */
export function sendRefusal(response: ServerResponse, refusal: Refusal, headers: Record<string, string> = {}): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(errorBody(refusal));
  response.writeHead(errorTable[refusal.refused].status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
