import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Logger } from '../../log.ts';
import { PeerSocket } from '../peerSocket.ts';
import { ChunkReader } from './chunkReader.ts';
import { writeChunks } from './chunkWriter.ts';
import { ServerHandshake } from './handshake.ts';
import type { RtmpLimits } from './limits.ts';
import { messageTypes, type RtmpMessage, userControlEvents } from './message.ts';
import { ProtocolError } from './protocolError.ts';

/** What we use for our own chunks, once announced, and ask the peer to acknowledge. */
const ownChunkBytes = 4096;
const ownWindowBytes = 2_500_000;
/** Acknowledging more often than this helps nobody. */
const smallestWindowBytes = 4096;
const controlChunkStream = 2;

export interface ConnectionEvents {
  handshaken(): void;
  message(message: RtmpMessage): void;
  /** Exactly once: no message follows. */
  closed(reason: string): void;
}

/** One peer's bytes: handshake, chunks, acknowledgements, pings, silence and the end. Knows no commands. */
export class RtmpConnection {
  readonly #socket: PeerSocket;
  readonly #events: ConnectionEvents;
  readonly #log: Logger;
  readonly #reader: ChunkReader;
  #handshake: ServerHandshake | undefined = new ServerHandshake(randomBytes, () => performance.now());
  #held = false;
  #deaf = false;
  #chunkBytes = 128;
  #windowBytes = ownWindowBytes;
  #receivedBytes = 0;
  #acknowledgedBytes = 0;

  constructor(socket: Duplex, limits: RtmpLimits, log: Logger, events: ConnectionEvents) {
    this.#events = events;
    this.#log = log;
    this.#reader = new ChunkReader(limits);
    this.#socket = new PeerSocket(socket, limits, {
      bytes: (bytes) => this.#receive(bytes),
      closed: (reason) => events.closed(reason),
    });
    this.expect(limits.handshakeSeconds, 'the handshake took too long');
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

  /** Media may flow (or not any more). */
  allowMedia(allowed: boolean): void {
    this.#reader.allowMedia(allowed);
  }

  /** No further message is delivered, nor more bytes taken, until `release`. */
  hold(): void {
    this.#held = true;
    this.#socket.pause();
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#guard(() => this.#deliver());
    if (!this.#held) this.#socket.resume();
  }

  /** What comes from now on is thrown away, so that the connection's end is noticed while it waits for an answer. */
  ignoreInput(): void {
    this.#deaf = true;
    this.#socket.resume();
  }

  announce(): void {
    this.#sendControl(messageTypes.windowAcknowledgementSize, uint32(ownWindowBytes));
    this.#sendControl(messageTypes.setPeerBandwidth, Buffer.concat([uint32(ownWindowBytes), Buffer.of(2)])); // dynamic
    this.#sendControl(messageTypes.setChunkSize, uint32(ownChunkBytes));
    this.#chunkBytes = ownChunkBytes;
  }

  beginStream(streamId: number): void {
    this.#sendUserControl(userControlEvents.streamBegin, uint32(streamId));
  }

  send(message: Omit<RtmpMessage, 'timestamp'>, chunkStreamId: number): void {
    this.#socket.write(writeChunks(message, chunkStreamId, this.#chunkBytes));
  }

  /** What has been sent still reaches the peer; what it sends is ignored. */
  finish(reason: string): void {
    this.#socket.finish(reason);
  }

  #receive(bytes: Buffer): void {
    if (this.#deaf) return;
    this.#receivedBytes += bytes.length;
    this.#guard(() => {
      const rest = this.#handshake ? this.#shakeHands(this.#handshake, bytes) : bytes;
      if (rest && rest.length > 0) this.#reader.push(rest);
      this.#deliver();
    });
    this.#acknowledge();
  }

  /** What follows the handshake, when it is over. */
  #shakeHands(handshake: ServerHandshake, bytes: Buffer): Buffer | undefined {
    const { answer, rest } = handshake.receive(bytes);
    if (answer) this.#socket.write(answer);
    if (!rest) return undefined;
    this.#handshake = undefined;
    this.#events.handshaken();
    return rest;
  }

  #deliver(): void {
    while (!this.#held && !this.#deaf && !this.#socket.over) {
      const message = this.#reader.next();
      if (!message) return;
      if (!this.#obey(message)) this.#events.message(message);
    }
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof ProtocolError) {
        this.finish(`the peer broke the protocol: ${error.message}`);
        return;
      }
      // A fault of ours ends this peer's session, nobody else's.
      this.#log.error({ err: error }, 'an RTMP session failed');
      this.finish('the server failed');
    }
  }

  /** Takes the messages that concern the connection alone (RTMP 5.4, 7.1.7). */
  #obey({ type, payload }: RtmpMessage): boolean {
    switch (type) {
      case messageTypes.acknowledgement:
        return true;
      case messageTypes.windowAcknowledgementSize:
        if (payload.length >= 4) this.#windowBytes = Math.max(smallestWindowBytes, payload.readUInt32BE(0));
        return true;
      case messageTypes.setPeerBandwidth:
        this.#sendControl(messageTypes.windowAcknowledgementSize, uint32(ownWindowBytes));
        return true;
      case messageTypes.userControl:
        if (payload.length >= 6 && payload.readUInt16BE(0) === userControlEvents.pingRequest)
          this.#sendUserControl(userControlEvents.pingResponse, payload.subarray(2, 6));
        return true;
      default:
        return false;
    }
  }

  // RTMP 5.4.3; the sequence number counts all bytes, modulo 2^32.
  #acknowledge(): void {
    if (this.#socket.over || this.#handshake || this.#receivedBytes - this.#acknowledgedBytes < this.#windowBytes)
      return;
    this.#acknowledgedBytes = this.#receivedBytes;
    this.#sendControl(messageTypes.acknowledgement, uint32(this.#receivedBytes % 2 ** 32));
  }

  #sendUserControl(event: number, content: Buffer): void {
    this.#sendControl(messageTypes.userControl, Buffer.concat([Buffer.of(0, event), content]));
  }

  #sendControl(type: number, payload: Buffer): void {
    this.send({ type, streamId: 0, payload }, controlChunkStream);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
