import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fifo } from './fifo.ts';

describe('Fifo', () => {
  it('behaves like an array that is pushed and shifted', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 200 }), (steps) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        for (const [value, step] of steps.entries()) {
          if (step >= 0) {
            fifo.push(value);
            model.push(value);
          } else if (step === -1) expect(fifo.shift()).toBe(model.shift());
          else expect(fifo.take(-step)).toEqual(model.splice(0, -step));
          expect(fifo.length).toBe(model.length);
          expect([fifo.first, fifo.last, fifo.at(1), fifo.at(-1)]).toEqual([
            model[0],
            model.at(-1),
            model[1],
            undefined,
          ]);
          expect(fifo.from(1, (item) => item * 2)).toEqual(model.slice(1).map((item) => item * 2));
        }
      }),
    );
  });

  it('gives in the order in which it was given, however many pass through', () => {
    const fifo = new Fifo<number>();
    const taken: (number | undefined)[] = [];
    for (let index = 0; index < 5000; index += 1) {
      fifo.push(index);
      if (index % 3 > 0) taken.push(fifo.shift());
    }
    expect([fifo.first, fifo.last, fifo.length]).toEqual([taken.length, 4999, 5000 - taken.length]);
    while (fifo.length > 0) taken.push(fifo.shift());
    expect(taken).toEqual([...Array(5000).keys()]);
    expect([fifo.shift(), fifo.first, fifo.last, fifo.length]).toEqual([undefined, undefined, undefined, 0]);
  });

  it('copies the last ones, never those that were taken', () => {
    const fifo = new Fifo<number>();
    for (const item of [1, 2, 3]) fifo.push(item);
    fifo.shift();
    expect([fifo.latest(), fifo.latest(1), fifo.latest(9)]).toEqual([[2, 3], [3], [2, 3]]);
    fifo.clear();
    expect(fifo.latest()).toEqual([]);
  });
});
