import type { Duplex } from 'node:stream';
import type { Logger } from '../../log.ts';
import { PeerSocket } from '../peerSocket.ts';
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
  readonly #socket: PeerSocket;
  /** The address the peer reached us at. */
  readonly localAddress: string;
  readonly #log: Logger;
  readonly #events: ConnectionEvents;
  readonly #reader: MessageReader;
  #answering = false;
  /** What has come while an answer is being made, and how much of that may wait. */
  #earlyBytes = 0;
  readonly #mostEarlyBytes: number;

  constructor(socket: RtspSocket, limits: RtspLimits, log: Logger, events: ConnectionEvents) {
    this.#log = log;
    this.#events = events;
    this.#reader = new MessageReader(limits);
    this.#mostEarlyBytes = limits.headBytes + limits.bodyBytes;
    this.localAddress = plainAddress(socket.localAddress ?? '');
    this.#socket = new PeerSocket(socket, limits, {
      bytes: (bytes) => {
        this.#reader.push(bytes);
        if (this.#answering && (this.#earlyBytes += bytes.length) > this.#mostEarlyBytes) this.#socket.pause();
        this.#deliver();
      },
      closed: (reason) => events.closed(reason),
    });
    this.expect(limits.setupSeconds, 'the encoder did not publish in time');
  }

  /** Settles when the socket is gone. */
  get ended(): Promise<void> {
    return this.#socket.ended;
  }

  /** Replaces the running deadline. */
  expect(seconds: number, reason: string): void {
    this.#socket.expect(seconds, reason);
  }

  /** What the deadline waits for has come once more. */
  refresh(): void {
    this.#socket.refresh();
  }

  /** The answer takes its time: lets the connection's end be noticed meanwhile. */
  watchForEnd(): void {
    this.#earlyBytes = 0;
    this.#socket.resume();
  }

  /** What has been sent still reaches the peer; what it sends is ignored. */
  finish(reason: string): void {
    this.#socket.finish(reason);
  }

  #deliver(): void {
    try {
      while (!this.#answering && !this.#socket.over) {
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
      this.#socket.write(writeAnswer(request.sequence, answer));
    } catch (error) {
      this.#fail(error);
    }
    this.#answering = false;
    if (this.#socket.over) return;
    this.#deliver();
    if (!this.#answering) this.#socket.resume();
  }

  #fail(error: unknown): void {
    if (error instanceof RtspProtocolError) {
      this.#socket.write(writeAnswer(undefined, { status: 400, reason: `Bad Request: ${error.message}` }));
      this.finish(`the peer broke the protocol: ${error.message}`);
      return;
    }
    // A fault of ours ends this peer's session, nobody else's.
    this.#log.error({ err: error }, 'an RTSP session failed');
    this.finish('the server failed');
  }
}
