import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { StoredBytes } from '../segments/timelineReader.ts';
import { HotMedia } from './hotMedia.ts';

/** Stored bytes that count how often they are read. */
function stored(length: number, fill = 'x') {
  const bytes = Buffer.alloc(length, fill);
  const reads = { whole: 0, streamed: 0 };
  const media: StoredBytes = {
    length,
    buffer: () => {
      reads.whole++;
      return Promise.resolve(bytes);
    },
    stream: (range) => {
      reads.streamed++;
      return Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes], { objectMode: false });
    },
  };
  return { media, reads, bytes };
}

describe('HotMedia', () => {
  it('leaves what is asked for once where it is', async () => {
    const hot = new HotMedia();
    const { media, reads } = stored(1000);
    await buffer(hot.of('a', media).stream());
    expect(reads).toEqual({ whole: 0, streamed: 1 });
    expect(hot.bytes).toBe(0);
  });

  it('reads what is asked for again once for all who ask, whole or in part', async () => {
    const hot = new HotMedia();
    const { media, reads, bytes } = stored(1000);
    hot.of('a', media);
    const answers = await Promise.all(Array.from({ length: 20 }, () => buffer(hot.of('a', media).stream())));
    expect(answers.every((answer) => answer.equals(bytes))).toBe(true);
    expect(await buffer(hot.of('a', media).stream({ start: 10, end: 19 }))).toEqual(bytes.subarray(10, 20));
    expect(reads).toEqual({ whole: 1, streamed: 0 });
  });

  it('keeps no more than its limit, and nothing that is larger than a segment ever is', async () => {
    const hot = new HotMedia(2500);
    for (const name of ['a', 'b', 'c', 'a', 'b', 'c']) await hot.of(name, stored(1000).media).buffer();
    expect(hot.bytes).toBe(2000);
    const large = { ...stored(10).media, length: 17 * 1024 * 1024 };
    expect(hot.of('large', large)).toBe(large);
    expect(hot.of('large', large)).toBe(large);
  });

  it('fails as the store does, and asks it anew the next time', async () => {
    const hot = new HotMedia();
    const { media } = stored(10);
    const gone = { ...media, buffer: () => Promise.reject(new Error('gone')) };
    hot.of('a', gone);
    await expect(buffer(hot.of('a', gone).stream())).rejects.toThrow('gone');
    expect((await buffer(hot.of('a', media).stream())).length).toBe(10);
  });
});
