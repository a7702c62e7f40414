import { flvTagTypes } from './flvTag.ts';

const tagHeaderBytes = 11;

/** FLV E.2 and the first PreviousTagSize. */
export function flvHeader(has: { readonly video: boolean; readonly audio: boolean }): Buffer {
  const flags = (has.audio ? 4 : 0) | (has.video ? 1 : 0);
  return Buffer.of(0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0);
}

/** FLV E.4.1: the header to put before a body and the PreviousTagSize to put behind it. The timestamp wraps at 2^32. */
export function frameFlvTag(type: number, timestampMs: number, bodyBytes: number): { head: Buffer; tail: Buffer } {
  const frame = Buffer.allocUnsafe(tagHeaderBytes + 4);
  const timestamp = timestampMs >>> 0;
  frame[0] = type;
  frame.writeUIntBE(bodyBytes, 1, 3);
  frame.writeUIntBE(timestamp & 0xffffff, 4, 3);
  frame[7] = timestamp >>> 24;
  frame.writeUIntBE(0, 8, 3);
  frame.writeUInt32BE(tagHeaderBytes + bodyBytes, tagHeaderBytes);
  return { head: frame.subarray(0, tagHeaderBytes), tail: frame.subarray(tagHeaderBytes) };
}

/** A whole tag in one piece, for the small ones. */
export function flvTag(type: number, timestampMs: number, body: Uint8Array): Buffer {
  const { head, tail } = frameFlvTag(type, timestampMs, body.length);
  return Buffer.concat([head, body, tail]);
}

/** `onMetaData` with an ECMA array of numbers (FLV E.5), as a tag. */
export function flvMetadata(values: Readonly<Record<string, number>>): Buffer {
  return flvTag(flvTagTypes.script, 0, onMetaData(values));
}

/** The body of such a tag. */
export function onMetaData(values: Readonly<Record<string, number>>): Buffer {
  const entries = Object.entries(values);
  const name = 'onMetaData';
  const count = Buffer.alloc(5);
  count[0] = 8;
  count.writeUInt32BE(entries.length, 1);
  const properties = entries.map(([key, value]) => {
    const property = Buffer.alloc(2 + key.length + 9);
    property.writeUInt16BE(key.length, 0);
    property.write(key, 2, 'latin1');
    property.writeDoubleBE(value, 2 + key.length + 1); // behind the number marker, 0
    return property;
  });
  const head = Buffer.concat([Buffer.of(2, 0, name.length), Buffer.from(name, 'latin1'), count]);
  return Buffer.concat([head, ...properties, Buffer.of(0, 0, 9)]);
}
