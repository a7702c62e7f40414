import { nalType, nalTypes, unescapeNal } from '../codecs/h264.ts';

/** H.264 D.1.1: user data registered by ITU-T T.35. */
const registeredUserData = 4;
/** A picture has up to 31 triplets (CTA-708-E 4.3), its fields each their own, line 21 maybe apart: more is no caption. */
const mostBytes = 4 * 31 * 3;
/** ATSC A/53 Part 4, 6.2.3: country (USA), provider (ATSC), `GA94`, user data type (cc_data). */
const captionsFollow = Uint8Array.of(0xb5, 0x00, 0x31, 0x47, 0x41, 0x39, 0x34, 0x03);

/**
 * The `cc_data` of one picture: triplets of flags and two bytes (CTA-708-E 4.4), empty where there is none. `sample` is
 * H.264 as MP4 has it, each unit after its length.
 */
export function captionTriplets(sample: Uint8Array, nalLengthSize: number): Uint8Array {
  const found: Uint8Array[] = [];
  for (let offset = 0; offset + nalLengthSize < sample.length;) {
    let length = 0;
    for (let count = 0; count < nalLengthSize; count++) length = length * 256 + sample[offset++]!;
    const type = nalType(sample[offset]!);
    // SEI comes before the picture (H.264 7.4.1.2.3).
    if (type >= nalTypes.slice && type <= nalTypes.idr) break;
    if (type === nalTypes.sei) found.push(...readSei(sample.subarray(offset, offset + length)));
    offset += length;
  }
  return found.length === 1 ? found[0]! : new Uint8Array(Buffer.concat(found).subarray(0, mostBytes));
}

/** H.264 7.3.2.3 */
function readSei(nal: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  const bytes = unescapeNal(nal);
  let offset = 1;
  const next = () => {
    let value = 0;
    while (bytes[offset] === 0xff) value += bytes[offset++]!;
    return value + (bytes[offset++] ?? 0);
  };
  // What is left in the end is the stop bit.
  while (offset + 2 < bytes.length) {
    const type = next();
    const length = next();
    if (type === registeredUserData) {
      const triplets = readUserData(bytes.subarray(offset, offset + length));
      if (triplets.length > 0) found.push(triplets);
    }
    offset += length;
  }
  return found;
}

function readUserData(payload: Uint8Array): Uint8Array {
  const isIt = captionsFollow.every((byte, index) => payload[index] === byte);
  return isIt ? readCcData(payload.subarray(captionsFollow.length)) : new Uint8Array(0);
}

/** `cc_data()`, CTA-708-E 4.3: flags and count, a reserved byte, the triplets. */
export function readCcData(ccData: Uint8Array): Uint8Array {
  const [flags = 0] = ccData;
  const processFlag = (flags & 0x40) !== 0;
  const count = Math.min(flags & 0x1f, Math.floor((ccData.length - 2) / 3));
  return processFlag && count > 0 ? ccData.subarray(2, 2 + count * 3) : new Uint8Array(0);
}
