import { describe, expect, it } from 'vitest';
import { parseAudioBody, parseVideoBody } from './flvTag.ts';
import { flvHeader, flvMetadata, flvTag } from './flvWriter.ts';

/** Hexadecimal, in groups of so many bytes. */
function spaced(bytes: Buffer, ...groups: number[]): string {
  let offset = 0;
  return groups.map((length) => bytes.toString('hex', offset, (offset += length))).join(' ');
}

describe('flvHeader', () => {
  it('says which kinds of media follow', () => {
    expect(flvHeader({ video: true, audio: true }).toString('hex')).toBe('464c5601050000000900000000');
    expect(flvHeader({ video: false, audio: true })[4]).toBe(4);
    expect(flvHeader({ video: true, audio: false })[4]).toBe(1);
  });
});

describe('flvTag', () => {
  it('puts the highest byte of the timestamp last, and its own size behind', () => {
    const tag = flvTag(9, 0x12345678, Buffer.from('abc'));
    expect(spaced(tag, 1, 3, 3, 1, 3, 3, 4)).toBe('09 000003 345678 12 000000 616263 0000000e');
  });

  it('wraps at 2^32 ms', () => {
    expect(
      flvTag(8, 2 ** 32 + 5, Buffer.alloc(0))
        .subarray(4, 8)
        .toString('hex'),
    ).toBe('00000500');
  });
});

describe('flvMetadata', () => {
  it('is an ECMA array of numbers', () => {
    expect(spaced(flvMetadata({ framerate: 25 }).subarray(11, -4), 13, 5, 11, 9, 3)).toBe(
      '02000a6f6e4d65746144617461 0800000001 00096672616d6572617465 004039000000000000 000009',
    );
  });
});

describe('FLV bodies', () => {
  it('are told apart', () => {
    expect(parseVideoBody(Buffer.from('170000000001', 'hex'))).toEqual({
      kind: 'configuration',
      bytes: Buffer.of(1),
    });
    expect(parseVideoBody(Buffer.from('170100000001', 'hex'))).toEqual({ kind: 'frame', keyFrame: true });
    expect(parseVideoBody(Buffer.from('270100000001', 'hex'))).toEqual({ kind: 'frame', keyFrame: false });
    expect(parseVideoBody(Buffer.from('1702000000', 'hex'))).toEqual({ kind: 'nothing' });
    expect(parseAudioBody(Buffer.from('af001210', 'hex'))).toEqual({ kind: 'configuration', bytes: Buffer.of(18, 16) });
    expect(parseAudioBody(Buffer.from('2ffffb', 'hex'))).toEqual({ kind: 'mp3', bytes: Buffer.of(0xff, 0xfb) });
    expect(parseAudioBody(Buffer.from('e0ff', 'hex'))).toEqual({ kind: 'mp3', bytes: Buffer.of(0xff) });
    expect(parseAudioBody(Buffer.of(0x2f))).toEqual({ kind: 'nothing' });
    expect(parseAudioBody(Buffer.from('af0121', 'hex'))).toEqual({ kind: 'frame', keyFrame: true });
  });

  it('name the codec that is not taken', () => {
    expect(parseVideoBody(Buffer.of(0x14))).toEqual({ kind: 'unsupported', codec: 'VP6' });
    expect(parseVideoBody(Buffer.of(0x1f))).toEqual({ kind: 'unsupported', codec: 'FLV codec 15' });
    expect(parseVideoBody(Buffer.of(0x90, 1))).toEqual({ kind: 'unsupported', codec: 'Enhanced RTMP' });
    expect(parseAudioBody(Buffer.of(0x7f))).toEqual({ kind: 'unsupported', codec: 'G.711 A-law' });
  });
});
