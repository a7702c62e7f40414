import { describe, expect, it } from 'vitest';
import type { PieceTrack } from './pieceTrack.ts';
import { frameTicks, layOutSound } from './soundFrames.ts';

const piece = (fromTicks: number, toTicks: number, soundFrom = 0) =>
  ({ fromTicks, toTicks, samples: [{ presentationTicks: soundFrom }] }) as unknown as PieceTrack;

const alone = { isFirst: true, isStart: true, isEnd: true };
const first = { isFirst: true, isStart: true, isEnd: false };
const later = { isFirst: false, isStart: true, isEnd: true };
const last = { isFirst: false, isStart: false, isEnd: true };

describe('the layout of a piece’s sound', () => {
  it('goes on from what comes before, of which its first frame knows, and is silent after it', () => {
    const layout = layOutSound(piece(10_000, 12_500), last);
    expect(frameTicks(layout)).toEqual([10_000, 11_024, 12_048]);
    expect(layout).toMatchObject({ soundFrom: 8976, leadSamples: 0, soundSamples: 3524, encodedSamples: 4096 });
  });

  it('has a silent frame in front where nothing comes before', () => {
    const layout = layOutSound(piece(10_000, 12_500), alone);
    expect(frameTicks(layout)).toEqual([8976, 10_000, 11_024, 12_048]);
    expect(layout).toMatchObject({ soundFrom: 10_000, leadSamples: 2048, soundSamples: 4548, encodedSamples: 5120 });
  });

  it('begins with the piece, and with silence in mind, where another part comes before', () => {
    const layout = layOutSound(piece(10_000, 12_500), later);
    expect(frameTicks(layout)).toEqual([10_000, 11_024, 12_048]);
    expect(layout).toMatchObject({ soundFrom: 10_000, leadSamples: 1024, soundSamples: 3524 });
  });

  it('ends with the piece where it is followed', () => {
    const layout = layOutSound(piece(10_000, 12_500), first);
    expect(frameTicks(layout)).toEqual([8404, 9428, 10_452, 11_476]);
    expect(layout).toMatchObject({ soundFrom: 10_000, leadSamples: 2620, soundSamples: 5120 });
  });

  it('has silence where the source has no sound yet', () => {
    expect(layOutSound(piece(10_000, 12_048, 10_500), last)).toMatchObject({ soundFrom: 10_500, leadSamples: 1524 });
    expect(layOutSound(piece(10_000, 12_048, 99_000), last)).toMatchObject({ leadSamples: 3072 });
  });

  it('never begins before 0', () => {
    expect(frameTicks(layOutSound(piece(800, 2500), first))).toEqual([452, 1476]);
    expect(frameTicks(layOutSound(piece(100, 1500), first))).toEqual([476]);
    expect(frameTicks(layOutSound(piece(800, 2500), alone))).toEqual([800, 1824]);
  });
});
