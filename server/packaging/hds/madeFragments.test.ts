import { describe, expect, it } from 'vitest';
import { MadeFragments } from './madeFragments.ts';

const later = () => new Promise((resolve) => setImmediate(resolve));

describe('MadeFragments', () => {
  it('keeps those asked for last, up to its limit', async () => {
    const fragments = new MadeFragments(100);
    const made: string[] = [];
    const ask = (key: string, bytes = 40) =>
      fragments.of(key, () => {
        made.push(key);
        return Promise.resolve(Buffer.alloc(bytes));
      });
    await ask('a');
    await ask('b');
    await ask('a');
    await ask('c');
    await ask('a');
    await ask('b');
    expect(made).toEqual(['a', 'b', 'c', 'b']);
    expect(fragments.keptBytes).toBe(80);
    await ask('huge', 1000);
    expect(fragments.keptBytes).toBe(0);
  });

  it('makes few at once, in the order they were asked for, whatever becomes of them', async () => {
    const fragments = new MadeFragments();
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const asked = Array.from({ length: 20 }, (_, index) =>
      fragments.of(`${index}`, async () => {
        order.push(index);
        most = Math.max(most, ++running);
        await later();
        running--;
        if (index % 3 === 0) throw new Error('damaged');
        return Buffer.alloc(1);
      }),
    );
    const settled = await Promise.allSettled(asked);
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(7);
    expect(most).toBe(4);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect((await fragments.of('after', () => Promise.resolve(Buffer.alloc(9)))).length).toBe(9);
  });

  it('streams ranges, made again when they were let go meanwhile', async () => {
    const bytes = Buffer.from(Array.from({ length: 600_000 }, (_, index) => index % 251));
    const fragments = new MadeFragments(bytes.length);
    let made = 0;
    const stored = await fragments.of('a', () => {
      made++;
      return Promise.resolve(bytes);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of stored.stream({ start: 10, end: 599_990 })) {
      chunks.push(chunk as Buffer);
      await fragments.of(`other ${chunks.length}`, () => Promise.resolve(Buffer.alloc(bytes.length)));
    }
    expect(Buffer.concat(chunks)).toEqual(bytes.subarray(10, 599_991));
    expect(made).toBeGreaterThan(1);
    expect(fragments.keptBytes).toBe(bytes.length);
  });
});
