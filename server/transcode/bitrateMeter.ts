import type { MediaFragment } from '../media/mp4/mediaFragment.ts';

/** Key frames of a stream that has shown only one are taken to come this often. */
const assumedKeyFrameMs = 2000;
/** Older media counts for less and less. */
const memoryMs = 20_000;

/** How many bits per second a copied track has, from the first fragment on. */
export class BitrateMeter {
  #keyFrameBytes = 0;
  #otherBytes = 0;
  #durationMs = 0;

  add({ samples }: MediaFragment, durationMs: number): void {
    const reordered = samples.some(({ sync }) => !sync);
    for (const { bytes, sync } of samples) {
      if (sync && reordered) this.#keyFrameBytes += bytes;
      else this.#otherBytes += bytes;
    }
    this.#durationMs += durationMs;
    if (this.#durationMs > memoryMs) {
      this.#keyFrameBytes /= 2;
      this.#otherBytes /= 2;
      this.#durationMs /= 2;
    }
  }

  /** Undefined before the first fragment. */
  get bitrateBps(): number | undefined {
    if (this.#durationMs <= 0) return undefined;
    const keyFrameBits = (this.#keyFrameBytes * 8000) / Math.max(this.#durationMs, assumedKeyFrameMs);
    return Math.round(keyFrameBits + (this.#otherBytes * 8000) / this.#durationMs);
  }
}
