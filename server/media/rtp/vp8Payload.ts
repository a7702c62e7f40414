/** What a VP8 payload that begins a picture says of it. */
export interface Vp8Start {
  readonly keyFrame: boolean;
  /** Of key frames only. */
  readonly width?: number;
  readonly height?: number;
}

/** Undefined for payloads that continue a picture, and for malformed ones. */
export function readVp8Start(payload: Buffer): Vp8Start | undefined {
  const start = payloadStart(payload);
  const first = payload[0] ?? 0;
  // RFC 7741 4.2: S and a partition index of 0 mark the first packet of a picture.
  if (start === undefined || (first & 0x17) !== 0x10) return undefined;
  // RFC 6386 9.1: the lowest bit is 0 for a key frame; then the start code, and both sizes with 2 bits of scaling.
  if ((payload[start] ?? 1) & 1) return { keyFrame: false };
  if (payload.length < start + 10) return undefined;
  if (payload.readUIntBE(start + 3, 3) !== 0x9d012a) return undefined;
  return {
    keyFrame: true,
    width: payload.readUInt16LE(start + 6) & 0x3fff,
    height: payload.readUInt16LE(start + 8) & 0x3fff,
  };
}

/** Where the VP8 data begin, behind the payload descriptor (RFC 7741 4.2). */
function payloadStart(payload: Buffer): number | undefined {
  const first = payload[0];
  if (first === undefined) return undefined;
  let start = 1;
  if (first & 0x80) {
    const extension = payload[start];
    if (extension === undefined) return undefined;
    start += 1;
    if (extension & 0x80) start += (payload[start] ?? 0) & 0x80 ? 2 : 1;
    if (extension & 0x40) start += 1;
    if (extension & 0x30) start += 1;
  }
  return start < payload.length ? start : undefined;
}
