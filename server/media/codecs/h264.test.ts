import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  avcCodecString,
  buildAvcConfiguration,
  nalType,
  parseAvcConfiguration,
  parseSps,
  unescapeNal,
} from './h264.ts';

const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

/** Written by x264 for pictures of known shape; the second is the PPS. */
const streams = [
  ['constrained baseline', '6742c01ed900a02ff970110000030001000003003c0f162e48', '68cb83cb20', 640, 360, 30],
  ['high, cropped', '6764002aacd940780227e5c044000003000400000301e03c60c658', '68ebe3cb22c0', 1920, 1080, 60],
  ['main, NTSC rate', '674d401feca06c1ef37808800001f480007530078c18cb', '68ebe3cb20', 854, 480, 30_000 / 1001],
  ['interlaced', '67640028acd94078044fde0220000003002000000643e2c5b2c0', '68fba3cb22c0', 1920, 1080, 25],
  ['4:2:2, 10 bits', '677a0020b6cd9405005df8fc0440000003004000001903c60c6580', '68ebe3cb22c0', 1280, 722, 50],
  ['4:4:4', '67f4000c919b282a33c7c5e022000003000200000300281e28532c', '68ebe3c44844', 322, 182, 10],
  ['monochrome', '6764000cf36505067e37016c80000003008000000a078a14cb', '68ebe3cb22c0', 320, 180, 10],
  [
    'aspect ratio and colours',
    '6764001eacd940b4126ffc010000b5a808080a000003000200000300641e2c5b2c',
    '68ebe3cb22c0',
    720,
    576,
    25,
  ],
  ['4K', '6742c033da00f0010fb011000003000100000300300f1832a0', '68ce0fc8', 3840, 2160, 24],
  ['one frame a second', '6764000bacd941013b011000000300100000030020f1429960', '68ebe3cb22c0', 256, 144, 1],
] as const;

describe('parseSps', () => {
  for (const [name, sps, , width, height, frameRate] of streams) {
    it(`reads size and rate: ${name}`, () => {
      const parameters = parseSps(fromHex(sps));
      expect([parameters.width, parameters.height]).toEqual([width, height]);
      expect(parameters.frameRate).toBeCloseTo(frameRate, 3);
    });
  }

  it('names the profile and level as RFC 6381 wants', () => {
    const { profileIdc, constraintFlags, levelIdc } = parseSps(fromHex(streams[1][1]));
    expect(avcCodecString(profileIdc, constraintFlags, levelIdc)).toBe('avc1.64002a');
    expect(avcCodecString(0x42, 0xc0, 0x0b)).toBe('avc1.42c00b');
  });

  it('knows the picture of a set whose VUI is cut off', () => {
    expect(parseSps(fromHex('6742c01ed900a02ff970'))).toMatchObject({ width: 640, height: 360 });
  });

  it('refuses what is not a parameter set', () => {
    expect(() => parseSps(new Uint8Array(0))).toThrow(RangeError);
    expect(() => parseSps(fromHex('68cb83cb20'))).toThrow('not a sequence parameter set');
    expect(() => parseSps(fromHex('6742c01ed9'))).toThrow(RangeError);
    expect(() => parseSps(new Uint8Array(5000).fill(0x67))).toThrow('valid size');
  });

  it('answers or throws a RangeError for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          const { width, height } = parseSps(Uint8Array.of(0x67, ...bytes));
          expect(width * height).toBeGreaterThan(0);
          expect(Math.max(width, height)).toBeLessThanOrEqual(16_888);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('unescapeNal', () => {
  it('removes only emulation prevention bytes', () => {
    expect([...unescapeNal(Uint8Array.of(0, 0, 3, 0, 0, 3, 1, 0, 3, 0, 0, 3))]).toEqual([0, 0, 0, 0, 1, 0, 3, 0, 0]);
  });
});

describe('AVC configuration', () => {
  for (const [name, sps, pps] of streams) {
    it(`gives back the sets it was built from: ${name}`, () => {
      const configuration = parseAvcConfiguration(buildAvcConfiguration(fromHex(sps), fromHex(pps)));
      expect(configuration.sps.map((set) => Buffer.from(set).toString('hex'))).toEqual([sps]);
      expect(configuration.pps.map((set) => Buffer.from(set).toString('hex'))).toEqual([pps]);
      expect(configuration.nalLengthSize).toBe(4);
    });
  }

  it('carries chroma format and bit depth for the high profiles only', () => {
    const high422 = buildAvcConfiguration(fromHex(streams[4][1]), fromHex(streams[4][2]));
    expect([...high422.subarray(-4)]).toEqual([0xfe, 0xfa, 0xfa, 0]);
    const baseline = buildAvcConfiguration(fromHex(streams[0][1]), fromHex(streams[0][2]));
    expect(baseline.length).toBe(11 + streams[0][1].length / 2 + streams[0][2].length / 2);
  });

  it('refuses a configuration that is cut off anywhere before its last set', () => {
    const whole = buildAvcConfiguration(fromHex(streams[0][1]), fromHex(streams[0][2]));
    for (let length = 0; length < whole.length; length += 1)
      expect(() => parseAvcConfiguration(whole.subarray(0, length))).toThrow(RangeError);
  });
});

describe('nalType', () => {
  it('ignores the reference bits', () => {
    expect([nalType(0x67), nalType(0x27), nalType(0x65), nalType(0x41)]).toEqual([7, 7, 5, 1]);
  });
});
