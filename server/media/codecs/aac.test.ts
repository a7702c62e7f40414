import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aacCodecString, parseAudioSpecificConfig } from './aac.ts';

const parse = (hex: string) => parseAudioSpecificConfig(new Uint8Array(Buffer.from(hex, 'hex')));

/** Packs [value, bits] pairs, most significant first. */
function pack(...fields: [value: number, bits: number][]): Uint8Array {
  const bits = fields.map(([value, count]) => value.toString(2).padStart(count, '0')).join('');
  return Uint8Array.from(bits.match(/.{1,8}/g) ?? [], (byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
}

describe('parseAudioSpecificConfig', () => {
  it('reads what encoders send', () => {
    expect(parse('1210')).toEqual({ objectType: 2, sampleRate: 44_100, channels: 2 });
    expect(parse('121056e500')).toEqual({ objectType: 2, sampleRate: 44_100, channels: 2 }); // ffmpeg, stereo
    expect(parse('11b056e500')).toEqual({ objectType: 2, sampleRate: 48_000, channels: 6 }); // ffmpeg, 5.1
    expect(parse('1188')).toEqual({ objectType: 2, sampleRate: 48_000, channels: 1 });
    expect(parse('1588')).toEqual({ objectType: 2, sampleRate: 8000, channels: 1 });
  });

  it('reads an explicit 24-bit rate', () => {
    const config = pack([2, 5], [15, 4], [37_800, 24], [2, 4], [0, 3]);
    expect(parseAudioSpecificConfig(config)).toEqual({ objectType: 2, sampleRate: 37_800, channels: 2 });
  });

  it('reads SBR and PS signalled in front', () => {
    const sbr = pack([5, 5], [6, 4], [2, 4], [3, 4], [2, 5], [0, 3]);
    expect(parseAudioSpecificConfig(sbr)).toEqual({ objectType: 5, sampleRate: 48_000, channels: 2 });
    const ps = pack([29, 5], [7, 4], [1, 4], [4, 4], [2, 5], [0, 3]);
    expect(parseAudioSpecificConfig(ps)).toEqual({ objectType: 29, sampleRate: 44_100, channels: 2 });
  });

  it('reads SBR and PS signalled behind', () => {
    const lc: [number, number][] = [[2, 5], [6, 4], [1, 4], [0, 3]]; // prettier-ignore
    const sbr = pack(...lc, [0x2b7, 11], [5, 5], [1, 1], [3, 4]);
    expect(parseAudioSpecificConfig(sbr)).toEqual({ objectType: 5, sampleRate: 48_000, channels: 1 });
    const ps = pack(...lc, [0x2b7, 11], [5, 5], [1, 1], [3, 4], [0x548, 11], [1, 1]);
    expect(parseAudioSpecificConfig(ps)).toEqual({ objectType: 29, sampleRate: 48_000, channels: 2 });
  });

  it('counts the channels of a program config element', () => {
    const elements: [number, number][] = [[1, 1], [0, 4], [0, 1], [1, 4]]; // prettier-ignore
    const config = pack(
      ...([[2, 5], [3, 4], [0, 4], [0, 3], [0, 4], [1, 2], [3, 4]] as [number, number][]), // prettier-ignore
      ...([[2, 4], [0, 4], [0, 4], [1, 2], [0, 3], [0, 4], [0, 3]] as [number, number][]), // prettier-ignore
      ...elements,
      [0, 4],
    );
    expect(parseAudioSpecificConfig(config)).toEqual({ objectType: 2, sampleRate: 48_000, channels: 4 });
  });

  it('refuses what is not a configuration', () => {
    expect(() => parse('12')).toThrow(RangeError);
    expect(() => parse('0000')).toThrow(RangeError);
    expect(() => parse('1700')).toThrow('sample rate'); // reserved index 14
    expect(() => parse('1200')).toThrow(RangeError); // program config element missing
  });

  it('answers or throws a RangeError for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(parseAudioSpecificConfig(bytes).channels).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('aacCodecString', () => {
  it('names the object type', () => {
    expect(aacCodecString(2)).toBe('mp4a.40.2');
  });
});
