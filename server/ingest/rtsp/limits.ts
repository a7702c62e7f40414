import { defaultFrameLimits, type FrameLimits } from '../frames/frameLimits.ts';

/** Bounds on what one peer, and all peers together, may cost. */
export interface RtspLimits extends FrameLimits {
  /** From the TCP connection to RECORD. */
  readonly setupSeconds: number;
  /** Without media, once they may flow. */
  readonly idleSeconds: number;
  /** What Session headers say. */
  readonly sessionSeconds: number;
  /** How long a closed connection may take to read our last words. */
  readonly lingerSeconds: number;
  /** A request line, and each header line. */
  readonly lineBytes: number;
  /** Request line and headers. */
  readonly headBytes: number;
  readonly bodyBytes: number;
  /** Answers the peer has not read. */
  readonly unreadAnswerBytes: number;
  /** Wrong or missing credentials on one connection. */
  readonly challenges: number;
  /** How long a challenge may be answered. */
  readonly nonceSeconds: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** How long media wait for both tracks' first sender reports. */
  readonly syncSeconds: number;
  readonly receiverReportSeconds: number;
}

export const defaultRtspLimits: RtspLimits = {
  ...defaultFrameLimits,
  setupSeconds: 15,
  idleSeconds: 10,
  sessionSeconds: 60,
  lingerSeconds: 2,
  lineBytes: 4096,
  headBytes: 8192,
  bodyBytes: 32 * 1024,
  unreadAnswerBytes: 64 * 1024,
  challenges: 4,
  nonceSeconds: 60,
  connections: 500,
  connectionsPerAddress: 50,
  syncSeconds: 3,
  receiverReportSeconds: 5,
};
