import { amf0Markers } from './amf0Reader.ts';
import { type AmfObject, type AmfValue, isAmfObject } from './amfValue.ts';

/** Values one after the other, as a command or data message carries them. */
export function writeAmf0(...values: AmfValue[]): Buffer {
  return Buffer.concat(values.map(writeValue));
}

function writeValue(value: AmfValue): Buffer {
  if (typeof value === 'number') return marked(amf0Markers.number, double(value));
  if (typeof value === 'boolean') return Buffer.of(amf0Markers.boolean, value ? 1 : 0);
  if (typeof value === 'string') return writeString(value);
  if (value === null) return Buffer.of(amf0Markers.null);
  if (value instanceof Date) return marked(amf0Markers.date, double(value.getTime()), Buffer.alloc(2));
  if (Array.isArray(value)) return marked(amf0Markers.strictArray, uint32(value.length), ...value.map(writeValue));
  if (isAmfObject(value)) return writeObject(value);
  return Buffer.of(amf0Markers.undefined);
}

function writeString(value: string): Buffer {
  const text = Buffer.from(value, 'utf8');
  return text.length <= 0xffff
    ? marked(amf0Markers.string, uint16(text.length), text)
    : marked(amf0Markers.longString, uint32(text.length), text);
}

function writeObject(object: AmfObject): Buffer {
  const parts = Object.entries(object).flatMap(([name, value]) => {
    const text = Buffer.from(name, 'utf8');
    if (text.length > 0xffff) throw new RangeError('a property name is too long for AMF0');
    return [uint16(text.length), text, writeValue(value)];
  });
  return marked(amf0Markers.object, ...parts, Buffer.of(0, 0, amf0Markers.objectEnd));
}

const marked = (marker: number, ...parts: Buffer[]): Buffer => Buffer.concat([Buffer.of(marker), ...parts]);

const uint16 = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
