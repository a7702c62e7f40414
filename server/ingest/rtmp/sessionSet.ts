import type { Socket } from 'node:net';
import { ConnectionCount, type Place } from '../connectionCount.ts';
import { RtmpSession, type RtmpSessionOptions } from './session.ts';

/** What all sessions of a server have in common. */
export type SessionParts = Omit<RtmpSessionOptions, 'protocol' | 'remoteAddress' | 'place'>;

/** The connections and sessions of one server, counted as the limits want. */
export class SessionSet {
  readonly #parts: SessionParts;
  readonly #sockets = new Set<Socket>();
  readonly #count: ConnectionCount;
  /** By their connection's two ends, which TLS above it has as well. */
  readonly #places = new Map<string, Place>();
  readonly #sessions = new Set<RtmpSession>();
  #closed = false;
  /** Said once, until there is room again. */
  #saidFull = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#count = new ConnectionCount(parts.limits);
  }

  /** Gives the connection a place until it is closed; false when there is none, and it is gone. */
  admit(socket: Socket): boolean {
    const address = addressOf(socket);
    const place = this.#closed ? undefined : this.#count.take(address, () => socket.destroy());
    if (!place) {
      socket.on('error', () => undefined);
      socket.destroy();
      this.#sayFull(address);
      return false;
    }
    const ends = endsOf(socket);
    this.#sockets.add(socket);
    this.#places.set(ends, place);
    socket.once('close', () => {
      place.leave();
      this.#sockets.delete(socket);
      if (this.#places.get(ends) === place) this.#places.delete(ends);
      this.#saidFull = false;
    });
    return true;
  }

  /** Begins a session on a connection that has a place, or on the TLS above it. */
  open(socket: Socket, protocol: 'rtmp' | 'rtmps'): void {
    const remoteAddress = addressOf(socket);
    const place = this.#places.get(endsOf(socket));
    if (!place) {
      socket.destroy();
      return;
    }
    const session = new RtmpSession(socket, {
      ...this.#parts,
      protocol,
      remoteAddress,
      place,
      log: this.#parts.log.child({ protocol, remoteAddress }),
    });
    this.#sessions.add(session);
    void session.ended.then(() => this.#sessions.delete(session));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions].map((session) => session.close('The server is shutting down.')));
    // Those that have not come as far as a session.
    for (const socket of this.#sockets) socket.destroy();
  }

  #sayFull(address: string): void {
    if (this.#saidFull || this.#closed) return;
    this.#saidFull = true;
    const { log } = this.#parts;
    log.warn({ address, connections: this.#sockets.size }, 'RTMP connections are being refused: too many');
  }
}

function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

function endsOf({ localPort, remoteAddress, remotePort }: Socket): string {
  return `${localPort} ${remoteAddress} ${remotePort}`;
}
