import type { MediaFragment } from '../media/mp4/mediaFragment.ts';

/** Key frames of a stream that has shown only one are taken to come this often. */
const assumedKeyFrameMs = 2000;
/** Older media counts for less and less. */
const memoryMs = 20_000;

/** How many bits per second a copied track has, from the first fragment on. */
export class BitrateMeter {
  readonly #kind: 'video' | 'audio';
  #keyFrameBytes = 0;
  #keyFrames = 0;
  #otherBytes = 0;
  #durationMs = 0;
  #meteredMs = 0;

  constructor(kind: 'video' | 'audio') {
    this.#kind = kind;
  }

  /** How much media it has seen. */
  get meteredMs(): number {
    return this.#meteredMs;
  }

  add({ samples }: MediaFragment, durationMs: number): void {
    for (const { bytes, sync } of samples) {
      if (sync && this.#kind === 'video') {
        this.#keyFrameBytes += bytes;
        this.#keyFrames++;
      } else this.#otherBytes += bytes;
    }
    this.#durationMs += durationMs;
    this.#meteredMs += durationMs;
    if (this.#durationMs > memoryMs) {
      this.#keyFrameBytes /= 2;
      this.#otherBytes /= 2;
      this.#durationMs /= 2;
    }
  }

  /** Undefined before the first fragment. */
  get bitrateBps(): number | undefined {
    if (this.#durationMs <= 0) return undefined;
    const keyFramesMs = this.#keyFrames > 1 ? this.#durationMs : Math.max(this.#durationMs, assumedKeyFrameMs);
    const keyFrameBits = (this.#keyFrameBytes * 8000) / keyFramesMs;
    return Math.round(keyFrameBits + (this.#otherBytes * 8000) / this.#durationMs);
  }
}
