import { describe, expect, it } from 'vitest';
import { readAacPayload } from './aacPayload.ts';
import { parseStreamMuxConfig, readLatmElement } from './latmPayload.ts';

const hbr = { sizeBits: 13, indexBits: 3, indexDeltaBits: 3 };
const units = (...sizes: number[]) => {
  const head = Buffer.alloc(2 + sizes.length * 2);
  head.writeUInt16BE(sizes.length * 16, 0);
  for (const [index, size] of sizes.entries()) head.writeUInt16BE(size << 3, 2 + index * 2);
  return Buffer.concat([head, ...sizes.map((size, index) => Buffer.alloc(size, index + 1))]);
};

describe('mpeg4-generic AAC', () => {
  it('brings several access units in a packet', () => {
    const read = readAacPayload(units(3, 5), hbr);
    expect(read).toEqual({ kind: 'units', units: [Buffer.alloc(3, 1), Buffer.alloc(5, 2)] });
  });

  it('brings a unit in pieces', () => {
    const whole = units(2000);
    expect(readAacPayload(whole.subarray(0, 1004), hbr)).toMatchObject({ kind: 'piece', unitBytes: 2000 });
  });

  it('reads fields of other sizes', () => {
    // RFC 3640 3.3.5: AAC-lbr with 6 bits of size.
    const payload = Buffer.concat([Buffer.of(0, 8, 3 << 2), Buffer.of(1, 2, 3)]);
    expect(readAacPayload(payload, { sizeBits: 6, indexBits: 2, indexDeltaBits: 2 })).toEqual({
      kind: 'units',
      units: [Buffer.of(1, 2, 3)],
    });
  });

  it.each([
    ['nothing', ''],
    ['no headers', '0000ff'],
    ['headers beyond the packet', 'ffff0018'],
    ['an empty unit', '00100000ff'],
    ['half a header', '00080018ff'],
    ['an interleaved unit', '00100019ffffff'],
    ['a second unit that is cut off', '002000080028ffff'],
  ])('of %s is malformed', (_, hex) => {
    expect(readAacPayload(Buffer.from(hex, 'hex'), hbr)).toBeUndefined();
  });
});

describe('LATM', () => {
  it('has its configuration off the byte boundaries', () => {
    expect(parseStreamMuxConfig(Buffer.from('40002410', 'hex'))).toEqual({
      audioConfig: Buffer.from('1208', 'hex'),
      units: 1,
    });
  });

  it.each(['', '4000', '80002410', '40022410', '00002410', '4000fffff'])('%j is no configuration', (hex) => {
    expect(() => parseStreamMuxConfig(Buffer.from(hex, 'hex'))).toThrow(RangeError);
  });

  it('has units of any length', () => {
    const long = Buffer.alloc(600, 9);
    const element = Buffer.concat([Buffer.of(255, 255, 90), long, Buffer.of(2, 7, 7)]);
    expect(readLatmElement(element, 2)).toEqual([long, Buffer.of(7, 7)]);
    expect(readLatmElement(element, 3)).toBeUndefined();
    expect(readLatmElement(element.subarray(0, 500), 1)).toBeUndefined();
    expect(readLatmElement(Buffer.of(255, 255), 1)).toBeUndefined();
    expect(readLatmElement(Buffer.of(0), 1)).toBeUndefined();
  });
});
