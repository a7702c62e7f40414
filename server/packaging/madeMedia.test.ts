import { describe, expect, it } from 'vitest';
import { isRefusal, refuse } from '../errors.ts';
import { MadeMedia } from './madeMedia.ts';

async function bytesOf(made: MadeMedia, key: string, make: () => Promise<Buffer>): Promise<string> {
  const media = await made.of(key, make);
  if (isRefusal(media)) return media.refused;
  return (await media.buffer()).toString();
}

describe('MadeMedia', () => {
  it('makes once what several ask for at the same time, and keeps it', async () => {
    const made = new MadeMedia();
    let count = 0;
    const make = async () => {
      await Promise.resolve();
      return Buffer.from(`made ${++count}`);
    };
    const together = await Promise.all([bytesOf(made, 'a', make), bytesOf(made, 'a', make), bytesOf(made, 'b', make)]);
    expect(together).toEqual(['made 1', 'made 1', 'made 2']);
    expect(await bytesOf(made, 'a', make)).toBe('made 1');
  });

  it('forgets what nobody has asked for longest when it is more than the limit', async () => {
    const made = new MadeMedia(10);
    const makes: string[] = [];
    const ask = (key: string) =>
      bytesOf(made, key, () => {
        makes.push(key);
        return Promise.resolve(Buffer.from('1234'));
      });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(key);
    expect(makes).toEqual(['a', 'b', 'c', 'b']);
    expect(made.keptBytes).toBe(8);
  });

  it('keeps nothing that is larger than the limit', async () => {
    const made = new MadeMedia(3);
    expect(await bytesOf(made, 'a', () => Promise.resolve(Buffer.from('1234')))).toBe('1234');
    expect(made.keptBytes).toBe(0);
  });

  it('refuses what was evicted meanwhile, and remembers neither refusals nor failures', async () => {
    const made = new MadeMedia();
    const missing = Object.assign(new Error('gone'), { code: 'ENOENT' });
    expect(await bytesOf(made, 'a', () => Promise.reject(missing))).toBe('segmentNotFound');
    await expect(made.of('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await made.of('a', () => Promise.resolve(refuse('notFound')))).toMatchObject({ refused: 'notFound' });
    expect(await bytesOf(made, 'a', () => Promise.resolve(Buffer.from('back')))).toBe('back');
  });

  it('is read whole or by range', async () => {
    const media = await new MadeMedia().of('a', () => Promise.resolve(Buffer.from('0123456789')));
    if (isRefusal(media)) throw new Error(media.refused);
    const read = async (range?: { start: number; end: number }) =>
      Buffer.concat(await media.stream(range).toArray()).toString();
    expect([media.length, await read(), await read({ start: 2, end: 4 })]).toEqual([10, '0123456789', '234']);
  });

  it('makes few at once, in the order they were asked for, whatever becomes of them', async () => {
    const made = new MadeMedia();
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const asked = Array.from({ length: 20 }, (_, index) =>
      made.of(`${index}`, async () => {
        order.push(index);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        if (index % 3 === 0) throw new Error('damaged');
        return Buffer.alloc(1);
      }),
    );
    const settled = await Promise.allSettled(asked);
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(7);
    expect(most).toBe(4);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(await bytesOf(made, 'after', () => Promise.resolve(Buffer.from('made')))).toBe('made');
  });

  it('is made again for a reader so slow that it was let go meanwhile, and ends when that cannot be', async () => {
    const bytes = Buffer.from(Array.from({ length: 600_000 }, (_, index) => index % 251));
    const made = new MadeMedia(bytes.length);
    let count = 0;
    const ask = () => made.of('a', () => Promise.resolve(++count <= 3 ? bytes : refuse('segmentNotFound')));
    const read = async () => {
      const media = await ask();
      if (isRefusal(media)) throw new Error(media.refused);
      const chunks: Buffer[] = [];
      for await (const chunk of media.stream({ start: 10, end: 599_990 })) {
        chunks.push(chunk as Buffer);
        await bytesOf(made, `other ${chunks.length}`, () => Promise.resolve(Buffer.alloc(bytes.length)));
      }
      return Buffer.concat(chunks);
    };
    expect(await read()).toEqual(bytes.subarray(10, 599_991));
    expect(count).toBeGreaterThan(1);
    expect(made.keptBytes).toBe(bytes.length);
    count = 3;
    await expect(read()).rejects.toThrow('segmentNotFound');
  });

  it('ends when what is made again is not what a reader has the beginning of', async () => {
    const made = new MadeMedia(10);
    let length = 4;
    const media = await made.of('a', () => Promise.resolve(Buffer.alloc(length++)));
    if (isRefusal(media)) throw new Error(media.refused);
    await bytesOf(made, 'b', () => Promise.resolve(Buffer.alloc(10)));
    await expect(media.stream().toArray()).rejects.toThrow('a has become another');
  });
});
