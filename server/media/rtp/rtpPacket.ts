/** RFC 3550 5.1, without the header extension and the padding. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** A view; empty for a packet of nothing but padding. */
  readonly payload: Buffer;
}

const fixedHeaderBytes = 12;

/** Undefined when the bytes are not an RTP packet. */
export function parseRtpPacket(bytes: Buffer): RtpPacket | undefined {
  if (bytes.length < fixedHeaderBytes) return undefined;
  const first = bytes.readUInt8(0);
  if (first >> 6 !== 2) return undefined;
  let start = fixedHeaderBytes + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (bytes.length < start + 4) return undefined;
    start += 4 + bytes.readUInt16BE(start + 2) * 4;
  }
  const padding = first & 0x20 ? bytes.readUInt8(bytes.length - 1) : 0;
  const end = bytes.length - padding;
  if (start > end || (first & 0x20 && padding === 0)) return undefined;
  const second = bytes.readUInt8(1);
  return {
    payloadType: second & 0x7f,
    marker: second >= 0x80,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, end),
  };
}

/** Writes a packet's fixed header and copies the payload behind it; returns the bytes written. */
export function writeRtpPacket(target: Buffer, offset: number, packet: RtpPacket): number {
  target.writeUInt8(0x80, offset);
  target.writeUInt8((packet.marker ? 0x80 : 0) | packet.payloadType, offset + 1);
  target.writeUInt16BE(packet.sequence & 0xffff, offset + 2);
  target.writeUInt32BE(packet.timestamp >>> 0, offset + 4);
  target.writeUInt32BE(packet.ssrc, offset + 8);
  packet.payload.copy(target, offset + fixedHeaderBytes);
  return fixedHeaderBytes + packet.payload.length;
}

export function rtpPacketBytes(payload: Buffer): number {
  return fixedHeaderBytes + payload.length;
}
