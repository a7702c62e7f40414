import { createServer, type Socket } from 'node:net';
import { listen } from '../../http.ts';
import type { Logger } from '../../log.ts';
import type { PublishGate } from '../publishGate.ts';
import { defaultRtmpLimits, type RtmpLimits } from './limits.ts';
import { RtmpSession } from './session.ts';

export interface RtmpServer {
  /** The one listened on. */
  readonly port: number;
  /** Says good-bye to every encoder. Idempotent; never rejects. */
  close(): Promise<void>;
}

export interface RtmpServerOptions {
  readonly port: number;
  readonly gate: PublishGate;
  readonly log: Logger;
  readonly limits?: Partial<RtmpLimits>;
}

/** Takes encoders in over RTMP, each in a session of its own. */
export async function startRtmpServer({ port, gate, log, limits }: RtmpServerOptions): Promise<RtmpServer> {
  const sessions = new SessionSet(gate, log, { ...defaultRtmpLimits, ...limits });
  const server = createServer({ noDelay: true }, (socket) => sessions.open(socket));
  const listening = await listen(server, port, 'RTMP_PORT');
  server.on('error', (error) => log.error({ error }, 'the RTMP server failed'));
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await sessions.close();
    await closed;
  };
  return { port: listening, close: () => (closing ??= closeAll()) };
}

/** The sessions of one server, counted as the limits want. */
class SessionSet {
  readonly #gate: PublishGate;
  readonly #log: Logger;
  readonly #limits: RtmpLimits;
  readonly #sessions = new Set<RtmpSession>();
  readonly #perAddress = new Map<string, number>();
  #closed = false;
  /** Said once, until there is room again. */
  #saidFull = false;

  constructor(gate: PublishGate, log: Logger, limits: RtmpLimits) {
    this.#gate = gate;
    this.#log = log;
    this.#limits = limits;
  }

  open(socket: Socket): void {
    const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const fromAddress = this.#perAddress.get(address) ?? 0;
    if (
      this.#closed ||
      this.#sessions.size >= this.#limits.connections ||
      fromAddress >= this.#limits.connectionsPerAddress
    ) {
      socket.on('error', () => undefined);
      socket.destroy();
      this.#sayFull(address);
      return;
    }
    this.#perAddress.set(address, fromAddress + 1);
    const session = new RtmpSession(socket, {
      protocol: 'rtmp',
      remoteAddress: address,
      gate: this.#gate,
      limits: this.#limits,
      log: this.#log.child({ protocol: 'rtmp', remoteAddress: address }),
      now: () => Date.now(),
    });
    this.#sessions.add(session);
    void session.ended.then(() => this.#forget(session, address));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions].map((session) => session.close('The server is shutting down.')));
  }

  #forget(session: RtmpSession, address: string): void {
    this.#sessions.delete(session);
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
    this.#saidFull = false;
  }

  #sayFull(address: string): void {
    if (this.#saidFull || this.#closed) return;
    this.#saidFull = true;
    this.#log.warn({ address, connections: this.#sessions.size }, 'RTMP connections are being refused: too many');
  }
}
