import { createHmac, timingSafeEqual } from 'node:crypto';
import { ProtocolError } from './protocolError.ts';

/** RTMP 5.2: C1, C2, S1 and S2 are as long as each other. */
export const handshakeBytes = 1536;
const digestBytes = 32;
const rtmpVersion = 3;

/** Behind the readable part, the same 32 bytes end both of the well-known keys. */
const keyTail = Buffer.from('f0eec24a8068bee82e00d0d1029e7e576eec5d2d29806fab93b8e636cfeb31ae', 'hex');
const clientKey = Buffer.from('Genuine Adobe Flash Player 001', 'latin1');
const serverKey = Buffer.from('Genuine Adobe Flash Media Server 001', 'latin1');
const fullServerKey = Buffer.concat([serverKey, keyTail]);
/** What we claim to be where the peer checks digests. */
const serverVersion = [5, 0, 15, 1] as const;

const hmac = (key: Buffer, ...parts: Buffer[]): Buffer => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

/** Where the digest lies: schema 0 has it in the first half, schema 1 in the second. */
export function digestOffset(packet: Buffer, schema: 0 | 1): number {
  const base = schema === 0 ? 8 : 772;
  const sum = packet.subarray(base, base + 4).reduce((total, byte) => total + byte, 0);
  return base + 4 + (sum % 728);
}

function digestAt(packet: Buffer, offset: number, key: Buffer): Buffer {
  return hmac(key, packet.subarray(0, offset), packet.subarray(offset + digestBytes));
}

/** Finds the valid digest of a C1, if it has one. */
export function findDigest(c1: Buffer): { schema: 0 | 1; digest: Buffer } | undefined {
  if (c1.readUInt32BE(4) === 0) return undefined;
  for (const schema of [0, 1] as const) {
    const offset = digestOffset(c1, schema);
    const digest = c1.subarray(offset, offset + digestBytes);
    if (timingSafeEqual(digest, digestAt(c1, offset, clientKey))) return { schema, digest };
  }
  return undefined;
}

/** S0, S1 and S2 for a client's C0 and C1. */
function answerHandshake(c0c1: Buffer, random: (bytes: number) => Buffer, uptimeMs: number): Buffer {
  if (c0c1[0] !== rtmpVersion) throw new ProtocolError('not RTMP version 3');
  const c1 = c0c1.subarray(1, 1 + handshakeBytes);
  const s1 = random(handshakeBytes);
  const time = Math.floor(uptimeMs) >>> 0;
  s1.writeUInt32BE(time, 0);
  const found = findDigest(c1);
  if (!found) {
    s1.writeUInt32BE(0, 4);
    const s2 = Buffer.from(c1);
    s2.writeUInt32BE(time, 4); // RTMP 5.2.4: when C1 was read
    return Buffer.concat([Buffer.of(rtmpVersion), s1, s2]);
  }
  s1.set(serverVersion, 4);
  const offset = digestOffset(s1, found.schema);
  digestAt(s1, offset, serverKey).copy(s1, offset);
  const s2 = random(handshakeBytes);
  const signed = handshakeBytes - digestBytes;
  hmac(hmac(fullServerKey, found.digest), s2.subarray(0, signed)).copy(s2, signed);
  return Buffer.concat([Buffer.of(rtmpVersion), s1, s2]);
}

/** The server's side of one handshake, fed with whatever pieces the socket delivers. */
export class ServerHandshake {
  readonly #random: (bytes: number) => Buffer;
  readonly #uptimeMs: () => number;
  #pending: Buffer = Buffer.alloc(0);
  #answered = false;

  constructor(random: (bytes: number) => Buffer, uptimeMs: () => number) {
    this.#random = random;
    this.#uptimeMs = uptimeMs;
  }

  /** `answer` is to be sent; `rest` is there when the handshake is over, and is what follows it. */
  receive(bytes: Buffer): { answer?: Buffer; rest?: Buffer } {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    if (this.#pending[0] !== rtmpVersion && !this.#answered && this.#pending.length > 0)
      throw new ProtocolError('not RTMP version 3');
    let answer: Buffer | undefined;
    if (!this.#answered) {
      if (this.#pending.length < 1 + handshakeBytes) return {};
      answer = answerHandshake(this.#pending, this.#random, this.#uptimeMs());
      this.#pending = this.#pending.subarray(1 + handshakeBytes);
      this.#answered = true;
    }
    if (this.#pending.length < handshakeBytes) return answer ? { answer } : {};
    const rest = this.#pending.subarray(handshakeBytes);
    this.#pending = Buffer.alloc(0);
    return answer ? { answer, rest } : { rest };
  }
}
