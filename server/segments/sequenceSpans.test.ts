import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapsBetween, includesSequence, intersectSpans, uniteSpans } from './sequenceSpans.ts';

const span = fc
  .tuple(fc.nat(30), fc.oneof(fc.nat(8), fc.constant(Infinity)))
  .map(([first, length]) => ({ first, end: first + length }));
const spans = fc.array(span, { maxLength: 6 });
const sequences = Array.from({ length: 50 }, (_, sequence) => sequence);

describe('spans of sequences', () => {
  it('hold the same sequences when united, each once', () => {
    fc.assert(
      fc.property(spans, (some) => {
        const united = uniteSpans(some);
        for (const sequence of sequences)
          expect(includesSequence(united, sequence)).toBe(includesSequence(some, sequence));
        for (const [index, { first, end }] of united.entries()) {
          expect(first).toBeLessThan(end);
          if (index > 0) expect(united[index - 1]!.end).toBeLessThan(first);
        }
      }),
    );
  });

  it('leave exactly the others free, and have in common what both hold', () => {
    fc.assert(
      fc.property(spans, spans, (some, others) => {
        const free = gapsBetween(some);
        const common = intersectSpans(some, others);
        for (const sequence of sequences) {
          const held = includesSequence(some, sequence);
          expect(includesSequence(free, sequence)).toBe(!held);
          expect(includesSequence(common, sequence)).toBe(held && includesSequence(others, sequence));
        }
      }),
    );
  });
});
