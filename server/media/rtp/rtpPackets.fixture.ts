import type { RtpPacket } from './rtpPacket.ts';

/** A packet with what a test cares about. */
export function rtpPacket(fields: Partial<RtpPacket> & { payload?: Buffer } = {}): RtpPacket {
  return { payloadType: 96, marker: false, sequence: 0, timestamp: 0, ssrc: 1, payload: Buffer.of(0x41), ...fields };
}

/** Baseline, 640x360, as an encoder wrote it. */
export const sps = Buffer.from('6742c01eda0280bfe5c044000003000400000300f03c58ba80', 'hex');
export const pps = Buffer.from('68ce0fc8', 'hex');
/** First bytes of an IDR slice and of another one. */
export const idrSlice = Buffer.from('65b84000', 'hex');
export const slice = Buffer.from('41e02000', 'hex');

/** RFC 6184 5.7.1. */
export function stapA(...nals: Buffer[]): Buffer {
  const sized = nals.flatMap((nal) => {
    const size = Buffer.alloc(2);
    size.writeUInt16BE(nal.length);
    return [size, nal];
  });
  return Buffer.concat([Buffer.of(24), ...sized]);
}

/** RFC 6184 5.8: the packets of one NAL unit. */
export function fuA(nal: Buffer, parts: number): Buffer[] {
  const type = (nal[0] ?? 0) & 0x1f;
  const size = Math.ceil((nal.length - 1) / parts);
  return Array.from({ length: parts }, (_, part) => {
    const bits = (part === 0 ? 0x80 : 0) | (part === parts - 1 ? 0x40 : 0);
    return Buffer.concat([Buffer.of(0x7c, bits | type), nal.subarray(1 + part * size, 1 + (part + 1) * size)]);
  });
}

/** A VP8 key frame's first bytes behind a descriptor with a 15-bit picture id. */
export const vp8KeyFrame = Buffer.from('908081235002009d012a8002e001', 'hex');
export const vp8Delta = Buffer.from('9080812451020000', 'hex');
