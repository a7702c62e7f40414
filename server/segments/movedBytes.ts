import { Readable } from 'node:stream';
import type { Fragment } from '../media/timeline.ts';
import { moveHead, moveTimes, TimeMover } from '../media/mp4/moveTimes.ts';
import { collectStream, readParts } from './readParts.ts';
import type { StoredBytes } from './timelineReader.ts';

/** Fragments that are looked at only when somebody wants a part of them. */
interface FragmentedPart {
  readonly fragments: readonly Pick<Fragment, 'offset' | 'bytes'>[];
}

/** What says the time of a fragment is a kilobyte or two in front of its media. */
const mostHeadBytes = 64 * 1024;

/** Stored fragments with their times moved by a number of ticks when they are read. */
export class MovedBytes implements StoredBytes {
  readonly #bytes: StoredBytes;
  readonly #part: FragmentedPart;
  #fragments: FragmentedPart['fragments'] | undefined;
  readonly #ticks: number;

  constructor(bytes: StoredBytes, part: FragmentedPart, ticks: number) {
    this.#bytes = bytes;
    this.#part = part;
    this.#ticks = ticks;
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** Reads fragments from their first byte on, as the times in one are found by its boxes. */
  stream(range: { start: number; end: number } = { start: 0, end: this.length - 1 }): Readable {
    const { start, end } = range;
    const fragments = (this.#fragments ??= this.#part.fragments);
    const first = fragments.findLast(({ offset }) => offset <= start);
    const last = fragments.find(({ offset, bytes }) => offset + bytes > end);
    if (!first || !last) return this.#bytes.stream(range);
    const readTo = Math.min(last.offset + last.bytes - 1, Math.max(end, last.offset + mostHeadBytes));
    const source = this.#bytes.stream({ start: first.offset, end: readTo });
    return movedStream(source, this.#ticks, start - first.offset, end + 1 - start);
  }

  async parts(ranges: readonly { start: number; end: number }[]): Promise<Buffer[]> {
    const fragments = (this.#fragments ??= this.#part.fragments);
    const read = await readParts(this.#bytes, ranges);
    return await Promise.all(
      read.map(async (bytes, index) => {
        const range = ranges[index]!;
        const isHead = fragments.some(({ offset, bytes: own }) => offset === range.start && range.end < offset + own);
        if (!isHead) return await collectStream(this.stream(range));
        const moved = Buffer.from(bytes);
        return moveHead(moved, this.#ticks) ? moved : await collectStream(this.stream(range));
      }),
    );
  }

  async buffer(): Promise<Buffer> {
    // A copy: the bytes may be in other hands, too.
    const moved = Buffer.from(await this.#bytes.buffer());
    moveTimes(moved, this.#ticks);
    return moved;
  }
}

/** A stream of fragments with their times moved: from a byte on, and so many of them. */
export function movedStream(source: Readable, ticks: number, skip = 0, length = Infinity): Readable {
  const moved = Readable.from(moveEach(source, ticks, skip, length), { objectMode: false });
  // One that is destroyed before it is read never comes to close its source.
  moved.once('close', () => source.destroy());
  return moved;
}

async function* moveEach(source: Readable, ticks: number, skip: number, length: number): AsyncGenerator<Buffer> {
  const mover = new TimeMover(ticks);
  let skipped = 0;
  let rest = length;
  for await (const chunk of source) {
    for (const piece of mover.push(chunk as Buffer)) {
      const from = Math.min(piece.length, skip - skipped);
      skipped += from;
      const part = piece.subarray(from, from + Math.min(rest, piece.length));
      rest -= part.length;
      if (part.length > 0) yield part;
      if (rest === 0) return;
    }
  }
}
