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
});
