import type { PieceTrack } from './pieceTrack.ts';

/** Samples in a frame of AAC-LC. */
const frameSamples = 1024;

/** How the sound of a piece is laid out in frames, in samples of sound. Outside of the piece it is silent. */
export interface SoundLayout {
  /** Where the first frame begins. */
  readonly from: number;
  readonly frames: number;
  /** What is given to the encoder: from one frame before the first on, for a frame needs the one before it. */
  readonly encodedSamples: number;
  /** Where sound begins to be taken from the source. */
  readonly soundFrom: number;
  /** Silence in front of that. */
  readonly leadSamples: number;
  /** All before the silence at the end. */
  readonly soundSamples: number;
}

/** What the encoder makes before its first frame, and the frame before the piece. */
export const droppedFrames = 2;

/**
 * Frames are whole, for not all players believe one that says it is shorter. So they begin with the piece's first sample
 * where the piece is the last of its part, and are silent after its last one. Where more of the source comes after it, they
 * end with the piece, to be followed without a seam, and begin up to a frame before it, with silence.
 */
export function layOutSound({ fromTicks, toTicks, samples }: PieceTrack, isEnd: boolean): SoundLayout {
  const needed = Math.max(1, Math.ceil((toTicks - fromTicks) / frameSamples));
  // No time is before 0.
  const frames = isEnd ? needed : Math.max(1, Math.min(needed, Math.floor(toTicks / frameSamples)));
  const from = isEnd ? fromTicks : toTicks - frames * frameSamples;
  const encodedSamples = (frames + 1) * frameSamples;
  const encodeFrom = from - frameSamples;
  const available = samples[0]?.presentationTicks ?? fromTicks;
  const soundFrom = Math.max(isEnd ? encodeFrom : fromTicks, available);
  return {
    from,
    frames,
    encodedSamples,
    soundFrom,
    leadSamples: Math.min(encodedSamples, Math.max(0, soundFrom - encodeFrom)),
    soundSamples: isEnd ? toTicks - encodeFrom : encodedSamples,
  };
}

/** When each frame of a layout begins. */
export function frameTicks({ from, frames }: SoundLayout): number[] {
  return Array.from({ length: frames }, (_, index) => from + index * frameSamples);
}

export const frameDurationTicks = frameSamples;
