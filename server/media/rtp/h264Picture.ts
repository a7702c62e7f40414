import { nalType, nalTypes } from '../codecs/h264.ts';
import { fuA, stapA } from './h264Payload.ts';
import type { RtpPacket } from './rtpPacket.ts';

/** A NAL unit in the pieces it came in. */
export interface NalPieces {
  readonly type: number;
  readonly bytes: number;
  readonly pieces: readonly Buffer[];
}

/** More NAL units than any picture has. */
const maximumNals = 4096;

/** Takes a picture's packets apart (RFC 6184, packetization modes 0 and 1); undefined when they are malformed. */
export function readNals(packets: readonly RtpPacket[]): NalPieces[] | undefined {
  const nals: NalPieces[] = [];
  let fragments: Buffer[] | undefined;
  for (const { payload } of packets) {
    const first = payload[0];
    if (first === undefined) continue;
    const type = nalType(first);
    if (type === fuA) {
      fragments = addFragment(payload, fragments, nals);
      if (!fragments) return undefined;
      if (isLastFragment(payload)) fragments = undefined;
      continue;
    }
    // Nothing may come between the fragments of one NAL unit.
    if (fragments) return undefined;
    if (type === stapA) {
      if (!splitAggregate(payload, nals)) return undefined;
    } else if (type >= nalTypes.slice && type < stapA) nals.push({ type, bytes: payload.length, pieces: [payload] });
    else return undefined;
    if (nals.length > maximumNals) return undefined;
  }
  return fragments || nals.length === 0 ? undefined : nals;
}

/** The bytes of NAL units, each behind its length in 4 bytes, with room before them. */
export function joinNals(nals: readonly NalPieces[], headroom: number): Buffer {
  // Pictures are kept: not from Node's pool.
  const joined = Buffer.allocUnsafeSlow(nals.reduce((total, { bytes }) => total + 4 + bytes, headroom));
  let offset = headroom;
  for (const { bytes, pieces } of nals) {
    offset = joined.writeUInt32BE(bytes, offset);
    for (const piece of pieces) offset += piece.copy(joined, offset);
  }
  return joined;
}

// RFC 6184 5.7.1
function splitAggregate(payload: Buffer, nals: NalPieces[]): boolean {
  let offset = 1;
  while (offset + 2 < payload.length) {
    const bytes = payload.readUInt16BE(offset);
    offset += 2;
    if (bytes === 0 || offset + bytes > payload.length || nals.length >= maximumNals) return false;
    const nal = payload.subarray(offset, offset + bytes);
    nals.push({ type: nalType(nal[0] ?? 0), bytes, pieces: [nal] });
    offset += bytes;
  }
  return offset === payload.length && offset > 1;
}

/** The fragments of the NAL unit so far, which joins the others with its last one. RFC 6184 5.8 */
function addFragment(payload: Buffer, begun: Buffer[] | undefined, nals: NalPieces[]): Buffer[] | undefined {
  const [indicator, header] = payload;
  if (indicator === undefined || header === undefined || payload.length < 3) return undefined;
  const starts = (header & 0x80) !== 0;
  if (starts === (begun !== undefined)) return undefined;
  const fragments = begun ?? [Buffer.of((indicator & 0xe0) | nalType(header))];
  fragments.push(payload.subarray(2));
  if (isLastFragment(payload)) {
    const bytes = fragments.reduce((total, { length }) => total + length, 0);
    nals.push({ type: nalType(header), bytes, pieces: fragments });
  }
  return fragments;
}

function isLastFragment(payload: Buffer): boolean {
  return ((payload[1] ?? 0) & 0x40) !== 0;
}
