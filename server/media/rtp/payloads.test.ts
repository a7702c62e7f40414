import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readH264Payload } from './h264Payload.ts';
import { fuA, idrSlice, pps, slice, sps, stapA, vp8Delta, vp8KeyFrame } from './rtpPackets.fixture.ts';
import { readVp8Start } from './vp8Payload.ts';

describe('an H.264 payload', () => {
  it('tells single NAL units apart', () => {
    expect(readH264Payload(sps)).toEqual({ sps, picture: false, idr: false });
    expect(readH264Payload(pps)).toEqual({ pps, picture: false, idr: false });
    expect(readH264Payload(idrSlice)).toEqual({ picture: true, idr: true });
    expect(readH264Payload(slice)).toEqual({ picture: true, idr: false });
  });

  it('is looked into when it aggregates', () => {
    expect(readH264Payload(stapA(sps, pps, idrSlice))).toEqual({ sps, pps, picture: true, idr: true });
  });

  it('says in every fragment what it is a fragment of', () => {
    for (const fragment of fuA(Buffer.concat([idrSlice, Buffer.alloc(300)]), 3))
      expect(readH264Payload(fragment)).toEqual({ picture: true, idr: true });
  });

  it.each(['', '18', '18ffff67', '1800', '180000', '7c', '6'.repeat(2)])('says nothing wrong when it is %j', (hex) => {
    expect(readH264Payload(Buffer.from(hex, 'hex'))).toMatchObject({ idr: false });
  });
});

describe('a VP8 payload', () => {
  it('tells the size of a key frame', () => {
    expect(readVp8Start(vp8KeyFrame)).toEqual({ keyFrame: true, width: 640, height: 480 });
  });

  it('tells a picture that is not a key frame', () => {
    expect(readVp8Start(vp8Delta)).toEqual({ keyFrame: false });
  });

  it('says nothing where a picture goes on', () => {
    expect(readVp8Start(Buffer.from('8080812351', 'hex'))).toBeUndefined();
  });

  it.each(['', '90', '9080', '908081', '10', '10500200', '1050020000000000000000'])(
    'says nothing when it is %j',
    (hex) => {
      expect(readVp8Start(Buffer.from(hex, 'hex'))).toBeUndefined();
    },
  );
});

it('neither throws on noise', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 48 }), (bytes) => {
      readH264Payload(Buffer.from(bytes));
      readVp8Start(Buffer.from(bytes));
    }),
  );
});
