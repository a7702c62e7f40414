import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRtpPacket, rtpPacketBytes, writeRtpPacket } from './rtpPacket.ts';
import { rtpPacket } from './rtpPackets.fixture.ts';

describe('an RTP packet', () => {
  it('is read as it was written', () => {
    const packet = rtpPacket({
      marker: true,
      payloadType: 111,
      sequence: 65_535,
      timestamp: 0xffff_fffe,
      ssrc: 0xdead_beef,
      payload: Buffer.from('picture'),
    });
    const bytes = Buffer.alloc(rtpPacketBytes(packet.payload));
    expect(writeRtpPacket(bytes, 0, packet)).toBe(bytes.length);
    expect(parseRtpPacket(bytes)).toEqual(packet);
  });

  it('loses its contributing sources, header extension and padding', () => {
    const bytes = Buffer.from(
      'b1e0000100000002000000030000000400010001aabbccdd' + '7069630003'.replace('00', '0000'),
      'hex',
    );
    expect(parseRtpPacket(bytes)?.payload.toString('latin1')).toBe('pic');
  });

  it('may be nothing but padding', () => {
    expect(parseRtpPacket(Buffer.from('a0600001000000020000000300000004', 'hex'))?.payload).toHaveLength(0);
  });

  it.each([
    ['short', '8060000100000002000000'],
    ['of another version', '406000010000000200000003ff'],
    ['with an extension beyond its end', '906000010000000200000003bede000f00'],
    ['with more padding than bytes', 'a06000010000000200000003ff'],
    ['with padding of no length', 'a0600001000000020000000300000000'],
  ])('is refused when %s', (_why, hex) => {
    expect(parseRtpPacket(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  it('never throws on noise', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void parseRtpPacket(Buffer.from(bytes))));
  });
});
