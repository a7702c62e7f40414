import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../protocolError.ts';
import { Amf3Reader } from './amf3Reader.ts';
import { AmfCursor } from './amfCursor.ts';
import { type AmfValue, isAmfObject, newAmfObject } from './amfValue.ts';

const read = (bytes: Buffer) => new Amf3Reader(new AmfCursor(bytes)).value(0);
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** The simplest AMF3 that says the value: no references but for strings seen before. */
function write(value: AmfValue, strings: string[] = []): Buffer {
  const string = (text: string): Buffer => {
    const known = strings.indexOf(text);
    if (known !== -1) return unsigned29(known << 1);
    if (text !== '') strings.push(text);
    const bytes = Buffer.from(text);
    return Buffer.concat([unsigned29((bytes.length << 1) | 1), bytes]);
  };
  const double = (number: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(number);
    return bytes;
  };
  if (value === undefined) return Buffer.of(0);
  if (value === null) return Buffer.of(1);
  if (typeof value === 'boolean') return Buffer.of(value ? 3 : 2);
  if (typeof value === 'string') return Buffer.concat([Buffer.of(6), string(value)]);
  if (typeof value === 'number') {
    const isInteger = Number.isInteger(value) && !Object.is(value, -0) && value >= -(2 ** 28) && value < 2 ** 28;
    return isInteger
      ? Buffer.concat([Buffer.of(4), unsigned29(value & 0x1fffffff)])
      : Buffer.concat([Buffer.of(5), double(value)]);
  }
  if (value instanceof Date) return Buffer.concat([Buffer.of(8, 1), double(value.getTime())]);
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.of(12), unsigned29((value.length << 1) | 1), value]);
  if (isAmfObject(value)) {
    const parts = Object.entries(value).flatMap(([name, inner]) => [string(name), write(inner, strings)]);
    return Buffer.concat([Buffer.of(10, 0x0b), string(''), ...parts, string('')]);
  }
  const dense = value.map((inner) => write(inner, strings));
  return Buffer.concat([Buffer.of(9), unsigned29((value.length << 1) | 1), Buffer.of(1), ...dense]);
}

function unsigned29(value: number): Buffer {
  if (value < 0x80) return Buffer.of(value);
  if (value < 0x4000) return Buffer.of((value >> 7) | 0x80, value & 0x7f);
  if (value < 0x200000) return Buffer.of((value >> 14) | 0x80, ((value >> 7) & 0x7f) | 0x80, value & 0x7f);
  return Buffer.of((value >> 22) | 0x80, ((value >> 15) & 0x7f) | 0x80, ((value >> 8) & 0x7f) | 0x80, value & 0xff);
}

const { value: anyValue } = fc.letrec<{ value: AmfValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.integer({ min: -(2 ** 28), max: 2 ** 28 - 1 }),
    fc.double(),
    fc.boolean(),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(null, undefined),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .dictionary(fc.string({ minLength: 1 }), tie('value'), { maxKeys: 4 })
      .map((object) => Object.assign(newAmfObject(), object)),
  ),
}));

describe('AMF3', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(read(write(value))).toEqual(value);
      }),
    );
  });

  it('reads sealed members and reuses traits and objects', () => {
    // [{a: 1}, another of the same class, the first again]
    expect(read(hex('09 07 01 0a 13 01 03 61 04 01 0a 01 04 02 0a 02'))).toEqual([{ a: 1 }, { a: 2 }, { a: 1 }]);
  });

  it('makes an array with names an object', () => {
    expect(read(hex('09 03 03 61 03 01 04 07'))).toEqual({ a: true, 0: 7 });
  });

  it('refuses deep nesting, endless arrays, references to nowhere, externalizable objects and vectors', () => {
    expect(() => read(Buffer.from('090301'.repeat(1000), 'hex'))).toThrow('too deeply');
    expect(() => read(hex('09 ffffffff 01'))).toThrow('longer than its message');
    expect(() => read(hex('0a ffffff7f'))).toThrow(ProtocolError);
    expect(() => read(hex('06 04'))).toThrow('points nowhere');
    expect(() => read(hex('09 04'))).toThrow('points nowhere');
    expect(() => read(hex('0a 07 01'))).toThrow('externalizable');
    expect(() => read(hex('0d 01 00'))).toThrow('not supported');
  });

  it('answers or throws a ProtocolError for any bytes', () => {
    const other: unknown[] = [];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          read(Buffer.from(bytes));
        } catch (error) {
          if (!(error instanceof ProtocolError)) other.push(error);
        }
      }),
      { numRuns: 3000 },
    );
    expect(other).toEqual([]);
  });
});
