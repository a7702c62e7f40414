import type { PieceTrack } from './pieceTrack.ts';

/** Samples in a frame of AAC-LC. */
const frameSamples = 1024;

/** Whether a piece is the first, and the last, of its part, and of all parts. */
export interface PieceEdges {
  readonly isFirst: boolean;
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

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

/** What the encoder makes before its first frame, and the frame before those that are kept. */
export const droppedFrames = 2;

/**
 * Frames are whole, for not all players believe one that says it is shorter. Where more of the source comes after the
 * piece, they end with it, to be followed without a seam; else they are silent after its last sample. Where nothing at all
 * comes before it, a silent frame does: no decoder has the whole of the first frame it is given.
 */
export function layOutSound({ fromTicks, toTicks, samples }: PieceTrack, edges: PieceEdges): SoundLayout {
  const { isFirst, isStart, isEnd } = edges;
  // No time is before 0.
  const begin = isFirst && fromTicks >= frameSamples ? fromTicks - frameSamples : fromTicks;
  const needed = Math.max(1, Math.ceil((toTicks - begin) / frameSamples));
  const frames = isEnd ? needed : Math.max(1, Math.min(needed, Math.floor(toTicks / frameSamples)));
  const from = isEnd ? begin : toTicks - frames * frameSamples;
  const encodedSamples = (frames + 1) * frameSamples;
  const encodeFrom = from - frameSamples;
  const available = samples[0]?.presentationTicks ?? fromTicks;
  const soundFrom = Math.max(isStart ? fromTicks : encodeFrom, available);
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
