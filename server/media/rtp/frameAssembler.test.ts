import { describe, expect, it } from 'vitest';
import { FrameAssembler } from './frameAssembler.ts';
import type { RtpPacket } from './rtpPacket.ts';
import { fuA, idrSlice, pps, rtpPacket, slice, sps, stapA, vp8Delta, vp8KeyFrame } from './rtpPackets.fixture.ts';

const packet = (timestamp: number, payload: Buffer, marker = false): RtpPacket =>
  rtpPacket({ timestamp, payload, marker });

function assemble(assembler: FrameAssembler, packets: readonly RtpPacket[], lostBefore = -1) {
  return packets.flatMap((packet, index) => assembler.push({ packet, lost: index === lostBefore ? 1 : 0 }));
}

describe('H.264 pictures', () => {
  const bigIdr = Buffer.concat([idrSlice, Buffer.alloc(3000, 1)]);
  const keyFrame = (timestamp: number) => {
    const parts = fuA(bigIdr, 3).map((part, index) => packet(timestamp, part, index === 2));
    return [packet(timestamp, stapA(sps, pps)), ...parts];
  };

  it('are whole at the marker, with their parameter sets', () => {
    const [frame, ...more] = assemble(new FrameAssembler('h264'), keyFrame(90));
    expect(more).toEqual([]);
    expect(frame).toMatchObject({ timestamp: 90, keyFrame: true, sps, pps });
    expect(frame?.packets).toHaveLength(4);
  });

  it('are whole when the next one begins, where a publisher sets no markers', () => {
    const frames = assemble(new FrameAssembler('h264'), [
      packet(0, stapA(sps, pps, idrSlice)),
      packet(3000, slice),
      packet(6000, slice),
    ]);
    expect(frames.map(({ timestamp, keyFrame }) => [timestamp, keyFrame])).toEqual([
      [0, true],
      [3000, false],
    ]);
  });

  it('take parameter sets that came as a picture of their own', () => {
    const frames = assemble(new FrameAssembler('h264'), [
      packet(0, sps, true),
      packet(0, pps, true),
      packet(30, idrSlice, true),
      packet(60, slice, true),
    ]);
    expect(frames.map(({ timestamp, packets }) => [timestamp, packets.length])).toEqual([
      [30, 3],
      [60, 1],
    ]);
    expect(frames[0]).toMatchObject({ sps, pps, keyFrame: true });
  });

  it('may have several slices', () => {
    const [frame] = assemble(new FrameAssembler('h264'), [
      packet(0, sps),
      packet(0, pps),
      packet(0, idrSlice),
      packet(0, idrSlice, true),
    ]);
    expect(frame?.packets).toHaveLength(4);
  });

  it('begin with a key frame', () => {
    const assembler = new FrameAssembler('h264');
    expect(assembler.needsKeyFrame).toBe(true);
    expect(assemble(assembler, [packet(0, slice, true)])).toEqual([]);
    expect(assemble(assembler, keyFrame(30))).toHaveLength(1);
    expect(assembler.needsKeyFrame).toBe(false);
  });

  it('wait for the next key frame after a loss, whichever packet was lost', () => {
    const stream = [
      ...keyFrame(0),
      packet(30, slice),
      packet(30, slice, true),
      packet(60, slice, true),
      ...keyFrame(90),
      packet(120, slice, true),
    ];
    for (const [lostBefore, timestamps, dropped] of [
      [5, [0, 90, 120], 2],
      [6, [0, 30, 90, 120], 1],
    ] as const) {
      const assembler = new FrameAssembler('h264');
      const frames = assemble(assembler, stream, lostBefore);
      expect(frames.map(({ timestamp }) => timestamp)).toEqual(timestamps);
      expect(assembler.droppedFrames).toBe(dropped);
    }
  });

  it('are not lost when the loss is just before a key frame', () => {
    const assembler = new FrameAssembler('h264');
    const stream = [...keyFrame(0), packet(30, slice, true), ...keyFrame(90)];
    expect(assemble(assembler, stream, 5).map(({ timestamp }) => timestamp)).toEqual([0, 30, 90]);
  });

  it('survive packets of nothing but padding', () => {
    const frames = assemble(new FrameAssembler('h264'), [
      ...keyFrame(0),
      packet(0, Buffer.alloc(0)),
      packet(30, Buffer.alloc(0)),
      packet(30, slice, true),
    ]);
    expect(frames).toHaveLength(2);
  });

  it('are given up when they grow without end', () => {
    const assembler = new FrameAssembler('h264');
    const part = Buffer.concat([Buffer.of(0x7c, 0x05), Buffer.alloc(60_000)]);
    for (let index = 0; index < 400; index += 1) assemble(assembler, [packet(0, part)]);
    expect(assemble(assembler, [packet(0, part, true)])).toEqual([]);
    expect(assemble(assembler, keyFrame(30))).toHaveLength(1);
  });
});

describe('VP8 pictures', () => {
  it('tell the size with the key frame', () => {
    const frames = assemble(new FrameAssembler('vp8'), [
      packet(0, vp8KeyFrame),
      packet(0, Buffer.from('80808123ffff', 'hex'), true),
      packet(30, vp8Delta, true),
    ]);
    expect(frames).toMatchObject([
      { keyFrame: true, width: 640, height: 480 },
      { keyFrame: false, timestamp: 30 },
    ]);
  });

  it('wait for a key frame after a loss', () => {
    const stream = [
      packet(0, vp8KeyFrame, true),
      packet(30, vp8Delta, true),
      packet(60, vp8Delta, true),
      packet(90, vp8KeyFrame, true),
    ];
    expect(assemble(new FrameAssembler('vp8'), stream, 1).map(({ timestamp }) => timestamp)).toEqual([0, 90]);
  });
});
