import { words, writeBox } from './boxWriter.ts';

/** Samples of a track of a movie as its `moov` lists them (ISO/IEC 14496-12 8.6, 8.7), in decoding order. */
export class SampleTable {
  readonly #sizes: number[] = [];
  /** Pairs: how many in a row, and how long each lasts. */
  readonly #durations: number[] = [];
  /** Pairs: how many in a row, and how much later than decoded each is shown; negative where frames are reordered. */
  readonly #offsets: number[] = [];
  /** Numbers of sync samples, from 1. */
  readonly #sync: number[] = [];
  readonly #chunks: { readonly samples: number; readonly description: number }[] = [];
  #lastTicks = 0;
  #ticks = 0;
  #reorderTicks = 0;

  /** What all samples so far last. */
  get ticks(): number {
    return this.#ticks;
  }

  /** By how much all are shown later than they would have to be, so that none is shown before it is decoded. */
  get reorderTicks(): number {
    return this.#reorderTicks;
  }

  /** Begins the next run of samples that lie behind each other; `description` counts from 1. */
  addChunk(samples: number, description: number): void {
    this.#chunks.push({ samples, description });
  }

  addSample(bytes: number, durationTicks: number, compositionTicks: number, sync: boolean): void {
    this.#sizes.push(bytes);
    if (sync) this.#sync.push(this.#sizes.length);
    addToRun(this.#durations, durationTicks);
    addToRun(this.#offsets, compositionTicks);
    this.#reorderTicks = Math.max(this.#reorderTicks, -compositionTicks);
    this.#lastTicks = durationTicks;
    this.#ticks += durationTicks;
  }

  /** Makes the last sample end at a time, if that is not before it begins. */
  extendTo(ticks: number): void {
    const count = this.#durations.at(-2);
    const lastTicks = Math.max(0, this.#lastTicks + ticks - this.#ticks);
    if (count === undefined || lastTicks === this.#lastTicks) return;
    if (count === 1) this.#durations.length -= 2;
    else this.#durations[this.#durations.length - 2] = count - 1;
    addToRun(this.#durations, lastTicks);
    this.#ticks += lastTicks - this.#lastTicks;
    this.#lastTicks = lastTicks;
  }

  /** `stbl`, for chunks at these places in the file. `isLarge`: places take 64 bits. */
  box(descriptions: readonly Uint8Array[], chunkOffsets: readonly number[], isLarge: boolean): Uint8Array {
    const offsets = this.#offsets.map((value, index) => (index % 2 === 0 ? value : value + this.#reorderTicks));
    const isReordered = offsets.some((value, index) => index % 2 === 1 && value !== 0);
    const boxes = [
      writeBox('stsd', words(0, descriptions.length), ...descriptions),
      writeBox('stts', words(0, this.#durations.length / 2), list(this.#durations)),
    ];
    if (isReordered) boxes.push(writeBox('ctts', words(0, offsets.length / 2), list(offsets)));
    if (this.#sync.length < this.#sizes.length)
      boxes.push(writeBox('stss', words(0, this.#sync.length), list(this.#sync)));
    const runs = this.#chunkRuns();
    boxes.push(
      writeBox('stsc', words(0, runs.length / 3), list(runs)),
      writeBox('stsz', words(0, 0, this.#sizes.length), list(this.#sizes)),
      isLarge
        ? writeBox('co64', words(0, chunkOffsets.length), longList(chunkOffsets))
        : writeBox('stco', words(0, chunkOffsets.length), list(chunkOffsets)),
    );
    return writeBox('stbl', ...boxes);
  }

  /** Of chunks with as many samples and the same description, the first. */
  #chunkRuns(): number[] {
    return this.#chunks.flatMap(({ samples, description }, index) => {
      const before = this.#chunks[index - 1];
      const same = before?.samples === samples && before.description === description;
      return same ? [] : [index + 1, samples, description];
    });
  }
}

function addToRun(runs: number[], value: number): void {
  if (runs.length > 0 && runs.at(-1) === value) runs[runs.length - 2]!++;
  else runs.push(1, value);
}

/** As `words`, for more of them than a call takes arguments. */
function list(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => view.setUint32(index * 4, value));
  return new Uint8Array(view.buffer);
}

function longList(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, index) => view.setBigUint64(index * 8, BigInt(value)));
  return new Uint8Array(view.buffer);
}
