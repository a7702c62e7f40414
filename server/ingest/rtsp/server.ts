import { createServer, type Socket } from 'node:net';
import { listen } from '../../http.ts';
import type { Logger } from '../../log.ts';
import { ConnectionCount } from '../connectionCount.ts';
import type { PublishGate } from '../publishGate.ts';
import { defaultRtspLimits, type RtspLimits } from './limits.ts';
import { RtspSession } from './session.ts';
import { plainAddress } from './udpPorts.ts';

export interface RtspServer {
  /** The one listened on. */
  readonly port: number;
  /** Ends every session. Idempotent; never rejects. */
  close(): Promise<void>;
}

export interface RtspServerOptions {
  readonly port: number;
  readonly gate: PublishGate;
  readonly log: Logger;
  readonly limits?: Partial<RtspLimits>;
}

/** Takes encoders in over RTSP, each in a session of its own. */
export async function startRtspServer(options: RtspServerOptions): Promise<RtspServer> {
  const { port, gate, log } = options;
  const limits = { ...defaultRtspLimits, ...options.limits };
  const count = new ConnectionCount(limits);
  const sessions = new Set<RtspSession>();
  let saidFull = false;
  let closing: Promise<void> | undefined;

  const open = (socket: Socket): void => {
    const remoteAddress = plainAddress(socket.remoteAddress ?? '');
    const place = closing ? undefined : count.take(remoteAddress, () => socket.destroy());
    if (!place) {
      socket.on('error', () => undefined);
      socket.destroy();
      // Said once, until there is room again.
      if (!saidFull && !closing)
        log.warn({ remoteAddress, connections: count.total }, 'RTSP connections are being refused: too many');
      saidFull = true;
      return;
    }
    const session = new RtspSession(socket, {
      remoteAddress,
      gate,
      limits,
      log: log.child({ protocol: 'rtsp', remoteAddress }),
      now: () => Date.now(),
      monotonicNow: () => performance.now(),
      place,
    });
    sessions.add(session);
    void session.ended.then(() => {
      sessions.delete(session);
      place.leave();
      saidFull = false;
    });
  };

  const server = createServer({ noDelay: true }, open);
  const listening = await listen(server, port, 'RTSP_PORT');
  server.on('error', (error) => log.error({ err: error }, 'the RTSP server failed'));
  const closeAll = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await Promise.all([...sessions].map((session) => session.close('The server is shutting down.')));
    await closed;
  };
  return { port: listening, close: () => (closing ??= closeAll()) };
}
