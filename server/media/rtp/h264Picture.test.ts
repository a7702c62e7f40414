import { describe, expect, it } from 'vitest';
import { joinNals, readNals } from './h264Picture.ts';
import { fuA, idrSlice, pps, rtpPacket, slice, sps, stapA } from './rtpPackets.fixture.ts';

const packets = (...payloads: Buffer[]) => payloads.map((payload) => rtpPacket({ payload }));

describe('the NAL units of a picture', () => {
  it('come alone, together and in fragments', () => {
    const big = Buffer.concat([idrSlice, Buffer.alloc(3000, 3)]);
    const nals = readNals(packets(stapA(sps, pps), ...fuA(big, 3), slice));
    expect(nals?.map(({ type }) => type)).toEqual([7, 8, 5, 1]);
    // The fixture's fragments have NRI 3, as the slice has.
    const joined = joinNals(nals ?? [], 5);
    const expected = [sps, pps, big, slice].flatMap((nal) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(nal.length);
      return [length, nal];
    });
    expect(joined.subarray(5)).toEqual(Buffer.concat(expected));
  });

  const [start, middle, end] = fuA(Buffer.concat([idrSlice, Buffer.alloc(30)]), 3) as [Buffer, Buffer, Buffer];
  it.each([
    ['only padding', [Buffer.alloc(0)]],
    ['a fragment without its beginning', [middle, end]],
    ['a fragment without its end', [start, middle]],
    ['a fragment that begins twice', [start, start, end]],
    ['another unit between fragments', [start, slice, end]],
    ['a fragment of nothing', [Buffer.of(0x7c, 0x85)]],
    ['an aggregate that is cut off', [stapA(sps, pps).subarray(0, 20)]],
    ['an empty aggregate', [Buffer.of(24)]],
    ['an aggregate of nothing', [Buffer.of(24, 0, 0, 0)]],
    ['packets of other modes', [Buffer.of(29, 0x85, 0, 0, 1)]],
    ['a reserved type', [Buffer.of(0, 1)]],
  ])('are malformed: %s', (_, payloads) => {
    expect(readNals(packets(...payloads))).toBeUndefined();
  });

  it('are not without end', () => {
    const tiny = stapA(...Array.from({ length: 5000 }, () => Buffer.of(0x41)));
    expect(readNals(packets(tiny))).toBeUndefined();
  });
});
