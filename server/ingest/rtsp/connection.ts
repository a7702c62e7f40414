import type { Duplex } from 'node:stream';
import type { Logger } from '../../log.ts';
import type { RtspLimits } from './limits.ts';
import {
  type InterleavedPacket,
  type RtspAnswer,
  RtspProtocolError,
  type RtspRequest,
  writeAnswer,
} from './message.ts';
import { MessageReader } from './messageReader.ts';
import { plainAddress } from './udpPorts.ts';

/** A TCP socket, as far as it is needed. */
export type RtspSocket = Duplex & { readonly localAddress?: string };

export interface ConnectionEvents {
  /** No other is delivered until its answer is there. */
  request(request: RtspRequest): Promise<RtspAnswer>;
  packet(packet: InterleavedPacket): void;
  /** Exactly once: nothing follows. */
  closed(reason: string): void;
}

/** One peer's bytes: requests in, answers out, silence and the end. Knows no methods. */
export class RtspConnection {
  readonly #socket: RtspSocket;
  readonly #limits: RtspLimits;
  readonly #log: Logger;
  readonly #events: ConnectionEvents;
  readonly #reader: MessageReader;
  readonly #ended = Promise.withResolvers<void>();
  #deadline: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;
  #answering = false;
  #over = false;

  constructor(socket: RtspSocket, limits: RtspLimits, log: Logger, events: ConnectionEvents) {
    this.#socket = socket;
    this.#limits = limits;
    this.#log = log;
    this.#events = events;
    this.#reader = new MessageReader(limits);
    this.expect(limits.setupSeconds, 'the encoder did not publish in time');
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('error', (error) => this.#end(`the connection broke: ${error.message}`));
    socket.on('end', () => this.finish('the encoder closed the connection'));
    socket.on('close', () => {
      this.#end('the connection was closed');
      clearTimeout(this.#linger);
      this.#ended.resolve();
    });
  }

  /** Settles when the socket is gone. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** The address the peer reached us at. */
  get localAddress(): string {
    return plainAddress(this.#socket.localAddress ?? '');
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

  #receive(bytes: Buffer): void {
    if (this.#over) return;
    this.#reader.push(bytes);
    this.#deliver();
  }

  #deliver(): void {
    try {
      while (!this.#answering && !this.#over) {
        const message = this.#reader.next();
        if (!message) return;
        if (message.kind === 'packet') this.#events.packet(message.packet);
        else if (message.kind === 'request') void this.#answer(message.request);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  async #answer(request: RtspRequest): Promise<void> {
    this.#answering = true;
    this.#socket.pause();
    try {
      const answer = await this.#events.request(request);
      this.#write(writeAnswer(request.sequence, answer));
    } catch (error) {
      this.#fail(error);
    }
    this.#answering = false;
    if (this.#over) return;
    this.#deliver();
    if (!this.#answering) this.#socket.resume();
  }

  #fail(error: unknown): void {
    if (error instanceof RtspProtocolError) {
      this.#write(writeAnswer(undefined, { status: 400, reason: `Bad Request: ${error.message}` }));
      this.finish(`the peer broke the protocol: ${error.message}`);
      return;
    }
    // A fault of ours ends this peer's session, nobody else's.
    this.#log.error({ err: error }, 'an RTSP session failed');
    this.finish('the server failed');
  }

  #write(text: string): void {
    if (!this.#socket.writable) return;
    this.#socket.write(text);
    if (this.#socket.writableLength > this.#limits.unreadAnswerBytes) {
      this.#end('the encoder does not read our answers');
      this.#socket.destroy();
    }
  }
}
