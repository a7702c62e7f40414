import { describe, expect, it } from 'vitest';
import type { PieceTrack } from './pieceTrack.ts';
import { frameTicks, layOutSound } from './soundFrames.ts';

const piece = (fromTicks: number, toTicks: number, soundFrom = 0) =>
  ({ fromTicks, toTicks, samples: [{ presentationTicks: soundFrom }] }) as unknown as PieceTrack;

describe('the layout of a piece’s sound', () => {
  it('begins with the piece where nothing follows, and is silent after it', () => {
    const layout = layOutSound(piece(10_000, 12_500), true);
    expect(frameTicks(layout)).toEqual([10_000, 11_024, 12_048]);
    expect(layout).toMatchObject({ soundFrom: 8976, leadSamples: 0, soundSamples: 3524, encodedSamples: 4096 });
  });

  it('ends with the piece where it is followed, and is silent before it', () => {
    const layout = layOutSound(piece(10_000, 12_500), false);
    expect(frameTicks(layout)).toEqual([9428, 10_452, 11_476]);
    expect(layout).toMatchObject({ soundFrom: 10_000, leadSamples: 1596, soundSamples: 4096 });
  });

  it('has silence where the source has no sound yet', () => {
    expect(layOutSound(piece(10_000, 12_048, 10_500), true)).toMatchObject({ soundFrom: 10_500, leadSamples: 1524 });
    expect(layOutSound(piece(10_000, 12_048, 99_000), true)).toMatchObject({ leadSamples: 3072 });
  });

  it('never begins before 0', () => {
    expect(frameTicks(layOutSound(piece(800, 2500), false))).toEqual([452, 1476]);
    expect(frameTicks(layOutSound(piece(100, 1500), false))).toEqual([476]);
  });
});
