import type { Socket } from 'node:net';
import { RtmpSession, type RtmpSessionOptions } from './session.ts';

/** What all sessions of a server have in common. */
export type SessionParts = Omit<RtmpSessionOptions, 'protocol' | 'remoteAddress'>;

/** The connections and sessions of one server, counted as the limits want. */
export class SessionSet {
  readonly #parts: SessionParts;
  readonly #sockets = new Set<Socket>();
  readonly #perAddress = new Map<string, number>();
  readonly #sessions = new Set<RtmpSession>();
  #closed = false;
  /** Said once, until there is room again. */
  #saidFull = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Gives the connection a place until it is closed; false when there is none, and it is gone. */
  admit(socket: Socket): boolean {
    const address = addressOf(socket);
    const fromAddress = this.#perAddress.get(address) ?? 0;
    const { connections, connectionsPerAddress } = this.#parts.limits;
    if (this.#closed || this.#sockets.size >= connections || fromAddress >= connectionsPerAddress) {
      socket.on('error', () => undefined);
      socket.destroy();
      this.#sayFull(address);
      return false;
    }
    this.#sockets.add(socket);
    this.#perAddress.set(address, fromAddress + 1);
    socket.once('close', () => this.#forget(socket, address));
    return true;
  }

  /** Begins a session on a connection that has a place, or on the TLS above it. */
  open(socket: Socket, protocol: 'rtmp' | 'rtmps'): void {
    const remoteAddress = addressOf(socket);
    const session = new RtmpSession(socket, {
      ...this.#parts,
      protocol,
      remoteAddress,
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

  #forget(socket: Socket, address: string): void {
    this.#sockets.delete(socket);
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
    this.#saidFull = false;
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
