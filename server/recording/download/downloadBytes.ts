import { Readable } from 'node:stream';
import type { StoredBytes, TimelineReader } from '../../segments/timelineReader.ts';
import type { DownloadChunk, DownloadPlan } from './downloadPlan.ts';

/** A planned file, put together of what is stored while it is read. */
export class DownloadBytes implements StoredBytes {
  readonly #timeline: TimelineReader;
  readonly #plan: DownloadPlan;
  /** Where each chunk begins. */
  readonly #places: readonly number[];

  constructor(timeline: TimelineReader, plan: DownloadPlan) {
    this.#timeline = timeline;
    this.#plan = plan;
    let place = plan.header.length;
    this.#places = plan.chunks.map(({ bytes }) => (place += bytes) - bytes);
  }

  get length(): number {
    return this.#plan.length;
  }

  stream(range: { start: number; end: number } = { start: 0, end: this.length - 1 }): Readable {
    return Readable.from(this.#read(range.start, range.end + 1), { objectMode: false });
  }

  async buffer(): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.#read(0, this.length)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async *#read(start: number, end: number): AsyncGenerator<Uint8Array> {
    const { header, chunks } = this.#plan;
    if (start < header.length) yield header.subarray(start, end);
    for (let index = this.#chunkAt(start); index < chunks.length && this.#places[index]! < end; index++) {
      const chunk = chunks[index]!;
      const place = this.#places[index]!;
      yield* this.#readChunk(chunk, Math.max(0, start - place), Math.min(chunk.bytes, end - place));
    }
  }

  #chunkAt(offset: number): number {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#places[middle]! + this.#plan.chunks[middle]!.bytes <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What of a chunk lies between two of its bytes. */
  async *#readChunk({ sequence, trackId, prefix, ranges }: DownloadChunk, start: number, end: number) {
    if (start < prefix.length) yield prefix.subarray(start, end);
    const wanted = wantedRanges(ranges, start - prefix.length, end - prefix.length);
    const first = wanted[0];
    const last = wanted.at(-1);
    if (!first || !last) return;
    const file = this.#timeline.media(sequence, trackId);
    if (!file) throw new Error(`segment ${sequence} of ${trackId} is not stored any more`);
    // All in one go, and then without what is between.
    let at = first.start;
    let current = 0;
    for await (const read of file.stream({ start: first.start, end: last.end - 1 }) as AsyncIterable<Buffer>) {
      const until = at + read.length;
      for (; current < wanted.length && wanted[current]!.start < until; current++) {
        const range = wanted[current]!;
        yield read.subarray(Math.max(0, range.start - at), Math.min(read.length, range.end - at));
        if (range.end > until) break;
      }
      at = until;
    }
  }
}

/** Parts of a file, given the bytes they have to be counted from. */
function wantedRanges(ranges: readonly number[], start: number, end: number): { start: number; end: number }[] {
  const wanted: { start: number; end: number }[] = [];
  let place = 0;
  for (let index = 0; index < ranges.length; index += 2) {
    const [from, to] = [ranges[index]!, ranges[index + 1]!];
    const first = Math.max(from, from + start - place);
    const last = Math.min(to, from + end - place);
    if (first < last) wanted.push({ start: first, end: last });
    place += to - from;
  }
  return wanted;
}
