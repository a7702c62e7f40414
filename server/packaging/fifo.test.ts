import { describe, expect, it } from 'vitest';
import { Fifo } from './fifo.ts';

describe('Fifo', () => {
  it('gives back in order, by position and from both ends', () => {
    const fifo = new Fifo<number>();
    for (let index = 0; index < 1000; index++) {
      fifo.push(index);
      if (index % 3 !== 0) fifo.shift();
    }
    expect(fifo.length).toBe(334);
    expect([fifo.at(0), fifo.at(1), fifo.last()]).toEqual([666, 667, 999]);
    expect([fifo.at(-1), fifo.at(334)]).toEqual([undefined, undefined]);
  });

  it('has nothing when everything has been taken', () => {
    const fifo = new Fifo<number>();
    fifo.push(1);
    expect([fifo.shift(), fifo.shift(), fifo.last(), fifo.length]).toEqual([1, undefined, undefined, 0]);
  });
});
