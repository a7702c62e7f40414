import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingText } from './slidingText.ts';

const step = fc.oneof(
  fc.record({ lead: fc.constantFrom('', '[lead]'), text: fc.string({ unit: 'binary-ascii', maxLength: 400 }) }),
  fc.constant('shift' as const),
);

describe('SlidingText', () => {
  it('is what was pushed and not shifted, without the lead of its first entry', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const sliding = new SlidingText();
        const model: { lead: string; text: string }[] = [];
        for (const entry of steps) {
          if (entry === 'shift') {
            sliding.shift();
            model.shift();
          } else {
            sliding.push(entry.lead, entry.text);
            model.push(entry);
          }
          expect(sliding.length).toBe(model.length);
          for (const from of [0, 1]) {
            const wanted = model.slice(from).map(({ lead, text }, index) => (index === 0 ? text : lead + text));
            expect(sliding.from(from).toString()).toBe(wanted.join(''));
            expect(sliding.from(from, from + 1).toString()).toBe(model[from]?.text ?? '');
            expect(sliding.lead(from).toString()).toBe(model[from]?.lead ?? '');
          }
        }
      }),
    );
  });

  it('does not grow while as much is dropped as is added', () => {
    const sliding = new SlidingText();
    for (let index = 0; index < 100_000; index++) {
      sliding.push('', `entry ${index}\n`);
      if (index >= 50) sliding.shift();
    }
    expect(sliding.from().buffer.byteLength).toBeLessThan(8192);
  });
});
