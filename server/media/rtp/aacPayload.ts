/** Where RFC 3640 headers have their fields, from the session description. */
export interface AacHeaderSizes {
  readonly sizeBits: number;
  readonly indexBits: number;
  readonly indexDeltaBits: number;
}

/** Larger than any AAC frame: 6144 bits for each of 48 channels (ISO/IEC 14496-3 4.5.3.2). */
const maximumUnitBytes = 48 * 768;

/** What a packet of mpeg4-generic AAC brings: whole access units, or a piece of one. */
export type AacPayload =
  | { readonly kind: 'units'; readonly units: readonly Buffer[] }
  | { readonly kind: 'piece'; readonly piece: Buffer; readonly unitBytes: number };

/** Reads the AU header section (RFC 3640 3.2.1); undefined when it is malformed or interleaved. */
export function readAacPayload(
  payload: Buffer,
  { sizeBits, indexBits, indexDeltaBits }: AacHeaderSizes,
): AacPayload | undefined {
  if (payload.length < 2) return undefined;
  const headersBits = payload.readUInt16BE(0);
  let offset = 2 + Math.ceil(headersBits / 8);
  if (headersBits === 0 || offset >= payload.length) return undefined;
  const units: Buffer[] = [];
  let bit = 16;
  const endBit = 16 + headersBits;
  while (bit < endBit) {
    const ownBits = sizeBits + (units.length === 0 ? indexBits : indexDeltaBits);
    if (bit + ownBits > endBit) return undefined;
    const bytes = readBits(payload, bit, sizeBits);
    const index = readBits(payload, bit + sizeBits, ownBits - sizeBits);
    bit += ownBits;
    if (bytes === 0 || bytes > maximumUnitBytes || index !== 0) return undefined;
    const left = payload.length - offset;
    if (bytes > left)
      return units.length === 0 && bit === endBit
        ? { kind: 'piece', piece: payload.subarray(offset), unitBytes: bytes }
        : undefined;
    units.push(payload.subarray(offset, offset + bytes));
    offset += bytes;
  }
  return { kind: 'units', units };
}

function readBits(bytes: Buffer, position: number, count: number): number {
  let value = 0;
  for (let bit = position; bit < position + count; bit += 1)
    value = value * 2 + (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
  return value;
}
