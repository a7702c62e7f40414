import type { Duplex } from 'node:stream';

export interface PeerSocketLimits {
  /** How long a closed connection may take to read our last words. */
  readonly lingerSeconds: number;
  /** Answers the peer has not read. */
  readonly unreadAnswerBytes: number;
}

export interface PeerSocketEvents {
  bytes(bytes: Buffer): void;
  /** Exactly once: no bytes follow. */
  closed(reason: string): void;
}

/** An encoder's connection as far as no protocol matters: its bytes, its silence, and its one end. */
export class PeerSocket {
  readonly #socket: Duplex;
  readonly #limits: PeerSocketLimits;
  readonly #events: PeerSocketEvents;
  readonly #ended = Promise.withResolvers<void>();
  #deadline: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;
  #over = false;

  constructor(socket: Duplex, limits: PeerSocketLimits, events: PeerSocketEvents) {
    this.#socket = socket;
    this.#limits = limits;
    this.#events = events;
    socket.on('data', (bytes: Buffer) => {
      if (!this.#over) events.bytes(bytes);
    });
    socket.on('error', (error) => this.#end(`the connection broke: ${error.message}`));
    socket.on('end', () => this.finish('the encoder closed the connection'));
    socket.on('close', () => {
      this.#end('the connection was closed');
      clearTimeout(this.#linger);
      this.#ended.resolve();
    });
  }

  get over(): boolean {
    return this.#over;
  }

  /** Settles when the socket is gone. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Replaces the running deadline. */
  expect(seconds: number, reason: string): void {
    clearTimeout(this.#deadline);
    if (!this.#over) this.#deadline = setTimeout(() => this.finish(reason), seconds * 1000);
  }

  /** What the deadline waits for has come once more. */
  refresh(): void {
    if (!this.#over) this.#deadline?.refresh();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  write(bytes: Buffer | string): void {
    if (this.#over || !this.#socket.writable) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > this.#limits.unreadAnswerBytes) {
      this.#end('the encoder does not read our answers');
      this.#socket.destroy();
    }
  }

  /** What has been sent still reaches the peer; what it sends is ignored. */
  finish(reason: string): void {
    if (this.#over) return;
    this.#end(reason);
    this.#socket.end();
    this.#linger = setTimeout(() => this.#socket.destroy(), this.#limits.lingerSeconds * 1000);
    this.#socket.resume();
  }

  #end(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#deadline);
    this.#events.closed(reason);
  }
}
