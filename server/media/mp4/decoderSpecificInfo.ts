import { Mp4Error } from './box.ts';

/** ISO/IEC 14496-1 7.2.2.1 */
const esDescriptor = 0x03;
const decoderConfig = 0x04;
const decoderSpecific = 0x05;

/** The AudioSpecificConfig inside the descriptors of an `esds` box (given without its version and flags). */
export function readDecoderSpecificInfo(descriptors: Uint8Array): Uint8Array {
  const es = requireDescriptor(descriptors, esDescriptor);
  const flags = es[2] ?? 0;
  // ES_ID and flags, then dependsOn_ES_ID, URL and OCR_ES_ID where the flags say so
  let skip = 3;
  if (flags & 0x80) skip += 2;
  if (flags & 0x40) skip += 1 + (es[skip] ?? 0);
  if (flags & 0x20) skip += 2;
  const config = requireDescriptor(es.subarray(skip), decoderConfig);
  return new Uint8Array(requireDescriptor(config.subarray(13), decoderSpecific));
}

function requireDescriptor(bytes: Uint8Array, tag: number): Uint8Array {
  for (let offset = 0; offset < bytes.length;) {
    const found = bytes[offset++]!;
    let length = 0;
    for (let count = 0; count < 4; count++) {
      const byte = bytes[offset++];
      if (byte === undefined) throw new Mp4Error('descriptor ends early');
      length = length * 128 + (byte & 0x7f);
      if (byte < 0x80) break;
    }
    if (offset + length > bytes.length) throw new Mp4Error('descriptor ends early');
    if (found === tag) return bytes.subarray(offset, offset + length);
    offset += length;
  }
  throw new Mp4Error(`no descriptor ${tag}`);
}
