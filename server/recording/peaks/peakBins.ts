/** How fine the stored waveform is. */
export const binMs = 20;
/** What is decoded and stored together. */
export const blockMs = 180_000;
export const binsPerBlock = blockMs / binMs;
/** Hz; enough for peaks, and a third of the bytes. */
export const sampleRate = 16_000;
const samplesPerBin = (sampleRate * binMs) / 1000;

/** Says of a bin that there is no sound at its time. A real minimum is never above its maximum. */
const nothing = { min: 127, max: -128 } as const;

/** The lowest and highest sample of each bin as signed bytes, interleaved. */
export class PeakBins {
  readonly bytes: Int8Array;

  constructor(bins: number | Int8Array) {
    this.bytes = typeof bins === 'number' ? new Int8Array(2 * bins) : bins;
    if (typeof bins !== 'number') return;
    for (let bin = 0; bin < bins; bin++) {
      this.bytes[2 * bin] = nothing.min;
      this.bytes[2 * bin + 1] = nothing.max;
    }
  }

  get length(): number {
    return this.bytes.length / 2;
  }

  widen(bin: number, min: number, max: number): void {
    if (bin < 0 || bin >= this.length) return;
    this.bytes[2 * bin] = Math.min(this.bytes[2 * bin]!, min);
    this.bytes[2 * bin + 1] = Math.max(this.bytes[2 * bin + 1]!, max);
  }

  /** Undefined where none of the bins `[first, end)` has sound. */
  range(first: number, end: number): { min: number; max: number } | undefined {
    let { min, max }: { min: number; max: number } = nothing;
    for (let bin = Math.max(0, first); bin < Math.min(end, this.length); bin++) {
      min = Math.min(min, this.bytes[2 * bin]!);
      max = Math.max(max, this.bytes[2 * bin + 1]!);
    }
    return min <= max ? { min, max } : undefined;
  }

  /** Counts mono samples (16 bits, little-endian) in; the first is at `startMs`, counted from the first bin's begin. */
  addSamples(pcm: Buffer, startMs: number): void {
    const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length >> 1);
    let at = 0;
    const offset = Math.round((startMs * sampleRate) / 1000);
    while (at < samples.length) {
      const bin = Math.floor((offset + at) / samplesPerBin);
      const end = Math.min(samples.length, (bin + 1) * samplesPerBin - offset);
      let min = 32_767;
      let max = -32_768;
      for (; at < end; at++) {
        const sample = samples[at]!;
        if (sample < min) min = sample;
        if (sample > max) max = sample;
      }
      this.widen(bin, min >> 8, max >> 8);
    }
  }
}
