import { defaultFrameLimits, type FrameLimits } from '../frames/frameLimits.ts';

/** Bounds on what one peer, and all peers together, may cost. */
export interface RtmpLimits extends FrameLimits {
  /** From the TCP connection to the end of the handshake. */
  readonly handshakeSeconds: number;
  /** From the end of the handshake until publishing is allowed, and between two broadcasts on one connection. */
  readonly publishSeconds: number;
  /** Without media, while publishing. */
  readonly idleSeconds: number;
  /** How long a closed connection may take to read our last words. */
  readonly lingerSeconds: number;
  readonly mediaMessageBytes: number;
  readonly commandMessageBytes: number;
  /** Sum of the lengths of messages begun and not finished, before and while publishing. */
  readonly unfinishedBytesBeforePublish: number;
  readonly unfinishedBytes: number;
  readonly chunkStreams: number;
  /** Answers the peer has not read. */
  readonly unreadAnswerBytes: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

export const defaultRtmpLimits: RtmpLimits = {
  ...defaultFrameLimits,
  handshakeSeconds: 10,
  publishSeconds: 15,
  idleSeconds: 30,
  lingerSeconds: 2,
  mediaMessageBytes: 8 * 1024 * 1024,
  commandMessageBytes: 64 * 1024,
  unfinishedBytesBeforePublish: 256 * 1024,
  unfinishedBytes: 16 * 1024 * 1024,
  chunkStreams: 64,
  unreadAnswerBytes: 256 * 1024,
  connections: 1000,
  connectionsPerAddress: 50,
};
