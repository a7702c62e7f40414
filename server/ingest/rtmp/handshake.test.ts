import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestOffset, findDigest, handshakeBytes, ServerHandshake } from './handshake.ts';
import { ProtocolError } from './protocolError.ts';

const clientKey = Buffer.from('Genuine Adobe Flash Player 001');
const serverKey = Buffer.from('Genuine Adobe Flash Media Server 001');

function sign(packet: Buffer, offset: number, key: Buffer): Buffer {
  return createHmac('sha256', key)
    .update(packet.subarray(0, offset))
    .update(packet.subarray(offset + 32))
    .digest();
}

function signedC1(schema: 0 | 1): Buffer {
  const c1 = randomBytes(handshakeBytes);
  c1.writeUInt32BE(0x80000702, 4);
  const offset = digestOffset(c1, schema);
  sign(c1, offset, clientKey).copy(c1, offset);
  return c1;
}

const newHandshake = () => new ServerHandshake(randomBytes, () => 1234);
const c0 = Buffer.of(3);

describe('ServerHandshake', () => {
  it('echoes a plain C1 and gives what follows C2', () => {
    const c1 = Buffer.concat([Buffer.alloc(8), randomBytes(handshakeBytes - 8)]);
    const { answer, rest } = newHandshake().receive(
      Buffer.concat([c0, c1, Buffer.alloc(handshakeBytes), Buffer.from('next')]),
    );
    expect(answer?.length).toBe(1 + 2 * handshakeBytes);
    expect(answer?.[0]).toBe(3);
    expect(answer?.readUInt32BE(1)).toBe(1234);
    expect(answer?.readUInt32BE(5)).toBe(0);
    expect(answer?.subarray(1 + handshakeBytes + 8).equals(c1.subarray(8))).toBe(true);
    expect(rest?.toString()).toBe('next');
  });

  for (const schema of [0, 1] as const) {
    it(`answers a digest of schema ${schema} with one a Flash client accepts`, () => {
      const c1 = signedC1(schema);
      const { answer = Buffer.alloc(0) } = newHandshake().receive(Buffer.concat([c0, c1]));
      const s1 = answer.subarray(1, 1 + handshakeBytes);
      const offset = digestOffset(s1, schema);
      expect(s1[4]).toBeGreaterThanOrEqual(3);
      expect(s1.subarray(offset, offset + 32).equals(sign(s1, offset, serverKey))).toBe(true);

      const s2 = answer.subarray(1 + handshakeBytes);
      const tail = Buffer.from('f0eec24a8068bee82e00d0d1029e7e576eec5d2d29806fab93b8e636cfeb31ae', 'hex');
      const clientDigest = findDigest(c1)?.digest ?? Buffer.alloc(0);
      const key = createHmac('sha256', Buffer.concat([serverKey, tail]))
        .update(clientDigest)
        .digest();
      const expected = createHmac('sha256', key).update(s2.subarray(0, -32)).digest();
      expect(s2.subarray(-32).equals(expected)).toBe(true);
    });
  }

  it('takes a C1 with a wrong digest as a plain one', () => {
    const c1 = signedC1(0);
    c1.writeUInt8(c1.readUInt8(1535) ^ 1, 1535);
    const { answer } = newHandshake().receive(Buffer.concat([c0, c1]));
    expect(answer?.readUInt32BE(5)).toBe(0);
  });

  it('does not mind where the socket cuts', () => {
    const bytes = Buffer.concat([c0, randomBytes(2 * handshakeBytes), Buffer.from('x')]);
    for (const cut of [1, 2, 1536, 1537, 1538, 3072]) {
      const handshake = newHandshake();
      const first = handshake.receive(bytes.subarray(0, cut));
      const second = handshake.receive(bytes.subarray(cut));
      expect((first.answer ?? second.answer)?.length).toBe(3073);
      expect(Buffer.concat([first.rest ?? Buffer.alloc(0), second.rest ?? Buffer.alloc(0)]).toString()).toBe('x');
    }
  });

  it('refuses other protocols at their first byte', () => {
    expect(() => newHandshake().receive(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow(ProtocolError);
    expect(() => newHandshake().receive(Buffer.of(6))).toThrow(ProtocolError); // RTMPE
  });
});
