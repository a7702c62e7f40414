import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../protocolError.ts';
import { readAmf0 } from './amf0Reader.ts';
import { writeAmf0 } from './amf0Writer.ts';
import { type AmfValue, newAmfObject } from './amfValue.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

const { value: anyValue } = fc.letrec<{ value: AmfValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.double(),
    fc.boolean(),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(null, undefined),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .dictionary(fc.string({ minLength: 1 }), tie('value'), { maxKeys: 4 })
      .map((object) => Object.assign(newAmfObject(), object)),
  ),
}));

describe('AMF0', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 4 }), (values) => {
        expect(readAmf0(writeAmf0(...values))).toEqual(values);
      }),
    );
  });

  it('writes strings above 65535 bytes as long strings', () => {
    const text = 'é'.repeat(40_000);
    expect(readAmf0(writeAmf0(text))).toEqual([text]);
  });

  it('reads ECMA arrays and typed objects as objects, whatever count they claim', () => {
    expect(readAmf0(hex('08 00000000 0001 61 05 0000 09'))).toEqual([{ a: null }]);
    expect(readAmf0(hex('08 ffffffff 0001 61 01 01 0000 09'))).toEqual([{ a: true }]);
    expect(readAmf0(hex('10 0003 466f6f 0001 61 05 0000 09'))).toEqual([{ a: null }]);
  });

  it('ends an object whose end marker was forgotten with the message', () => {
    expect(readAmf0(hex('03 0001 61 05'))).toEqual([{ a: null }]);
  });

  it('resolves references and the switch to AMF3', () => {
    const [object, again] = readAmf0(hex('03 0001 61 05 0000 09 07 0000'));
    expect(again).toBe(object);
    expect(readAmf0(hex('11 04 05 11 06 03 61'))).toEqual([5, 'a']);
  });

  it('has no names with a meaning of their own', () => {
    const name = Buffer.from('__proto__').toString('hex');
    const [object] = readAmf0(hex(`03 0009 ${name} 03 0001 61 05 0000 09 0000 09`));
    expect(Object.getPrototypeOf(object)).toBeNull();
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  it('refuses deep nesting, endless arrays, references to nowhere and unknown types', () => {
    expect(() => readAmf0(Buffer.from('0300016103000161'.repeat(2000), 'hex'))).toThrow('too deeply');
    expect(() => readAmf0(hex('0a ffffffff'))).toThrow('longer than its message');
    expect(() => readAmf0(hex('07 0000'))).toThrow('points nowhere');
    expect(() => readAmf0(hex('0c ffffffff 61'))).toThrow('too early');
    expect(() => readAmf0(hex('20'))).toThrow(ProtocolError);
  });

  it('answers or throws a ProtocolError for any bytes', () => {
    const other: unknown[] = [];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          readAmf0(Buffer.from(bytes));
        } catch (error) {
          if (!(error instanceof ProtocolError)) other.push(error);
        }
      }),
      { numRuns: 3000 },
    );
    expect(other).toEqual([]);
  });
});
