import { collectStream } from './readParts.ts';
import type { StoredBytes } from './timelineReader.ts';

/** A stretch of stored bytes that is read as a whole of its own. */
export function partOfBytes(whole: StoredBytes, offset: number, length: number): StoredBytes {
  return {
    length,
    stream: ({ start, end } = { start: 0, end: length - 1 }) =>
      whole.stream({ start: offset + start, end: offset + end }),
    buffer: () => collectStream(whole.stream({ start: offset, end: offset + length - 1 })),
  };
}
