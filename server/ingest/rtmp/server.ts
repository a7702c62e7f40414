import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { listen } from '../../http.ts';
import type { Logger } from '../../log.ts';
import type { CredentialGate, PublishGate } from '../publishGate.ts';
import { ConnectAuthenticator } from './authentication/connectAuthenticator.ts';
import { defaultRtmpLimits, type RtmpLimits } from './limits.ts';
import { SessionSet } from './sessionSet.ts';

export interface RtmpServer {
  /** The one listened on. */
  readonly port: number;
  /** RTMPS. */
  readonly securePort: number;
  /** Says good-bye to every encoder. Idempotent; never rejects. */
  close(): Promise<void>;
}

/** PEM. */
export interface ServerCertificate {
  readonly current: { readonly cert: string; readonly key: string };
  /** Returns the unsubscriber. */
  onChanged(listener: () => void): () => void;
}

export interface RtmpServerOptions {
  readonly port: number;
  readonly secure: { readonly port: number; readonly certificate: ServerCertificate };
  readonly gate: PublishGate & CredentialGate;
  readonly log: Logger;
  readonly limits?: Partial<RtmpLimits>;
}

/** Takes encoders in over RTMP and RTMPS, each in a session of its own; the limits count both together. */
export async function startRtmpServer({ port, secure, gate, log, limits }: RtmpServerOptions): Promise<RtmpServer> {
  const allLimits = { ...defaultRtmpLimits, ...limits };
  const now = (): number => Date.now();
  const authenticator = new ConnectAuthenticator(randomBytes, now);
  const sessions = new SessionSet({ gate, authenticator, limits: allLimits, log, now });
  const plain = createServer({ noDelay: true }, (socket) => {
    if (sessions.admit(socket)) sessions.open(socket, 'rtmp');
  });
  const encrypted = createSecureServer(secure.certificate, sessions, allLimits, log);
  const listening: Server[] = [];
  const closeAll = async (): Promise<void> => {
    encrypted.forget();
    const closed = listening.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    await sessions.close();
    await Promise.all(closed);
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll());
  const open = async (server: Server, at: number, setting: string): Promise<number> => {
    const found = await listen(server, at, setting);
    listening.push(server);
    server.on('error', (error) => log.error({ err: error }, 'the RTMP server failed'));
    return found;
  };
  try {
    const plainPort = await open(plain, port, 'RTMP_PORT');
    return { port: plainPort, securePort: await open(encrypted.server, secure.port, 'RTMPS_PORT'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Sockets are counted before TLS begins, so that a handshake costs its place. */
function createSecureServer(
  certificate: ServerCertificate,
  sessions: SessionSet,
  { handshakeSeconds }: RtmpLimits,
  log: Logger,
): { server: Server; forget: () => void } {
  const tls = createTlsServer(
    { ...certificate.current, minVersion: 'TLSv1.2', handshakeTimeout: handshakeSeconds * 1000 },
    (socket) => sessions.open(socket, 'rtmps'),
  );
  tls.on('tlsClientError', (error, socket: TLSSocket) => {
    log.debug({ error: error.message, remoteAddress: socket.remoteAddress }, 'a TLS handshake failed');
    socket.destroy();
  });
  const forget = certificate.onChanged(() => tls.setSecureContext({ ...certificate.current, minVersion: 'TLSv1.2' }));
  const server = createServer({ noDelay: true }, (socket) => {
    if (sessions.admit(socket)) tls.emit('connection', socket);
  });
  return { server, forget };
}
