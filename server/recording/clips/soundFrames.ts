import type { PieceTrack } from './pieceTrack.ts';

/** Samples in a frame of AAC-LC. */
export const aacFrameSamples = 1024;

/** How the sound of a piece is laid out in frames that begin with its first sample. In samples of sound. */
export interface SoundLayout {
  /** Where what is given to the encoder begins: one frame before the piece, for a frame needs the one before it. */
  readonly encodeFrom: number;
  /** Silence in front of it, where there is no sound that far back. */
  readonly leadSamples: number;
  /** All that is given to the encoder. */
  readonly encodedSamples: number;
  /** Of those, how many are sound; the rest is silence. */
  readonly soundSamples: number;
  /** Of the piece; the last one may be shown for less than its length. */
  readonly frames: number;
}

/** What the encoder makes before its first frame, and the frame before the piece. */
export const droppedFrames = 2;

/** `isEnd`: nothing comes after the piece, which therefore falls silent at its very end, within its last frame. */
export function layOutSound({ fromTicks, toTicks, samples }: PieceTrack, isEnd: boolean): SoundLayout {
  const frames = Math.max(1, Math.ceil((toTicks - fromTicks) / aacFrameSamples));
  const encodedSamples = (frames + 1) * aacFrameSamples;
  const encodeFrom = fromTicks - aacFrameSamples;
  const soundFrom = samples[0]?.presentationTicks ?? fromTicks;
  return {
    encodeFrom,
    leadSamples: Math.min(encodedSamples, Math.max(0, soundFrom - encodeFrom)),
    encodedSamples,
    soundSamples: isEnd ? aacFrameSamples + toTicks - fromTicks : encodedSamples,
    frames,
  };
}
