import { describe, expect, it } from 'vitest';
import { LineRing } from './lineRing.ts';

describe('LineRing', () => {
  it('puts lines together that arrive in pieces', () => {
    const ring = new LineRing(10);
    for (const piece of ['fra', 'me=1\nfr', 'ame=2\r\n', '\n', 'rest']) ring.push(piece);
    expect(ring.lines).toEqual(['frame=1', 'frame=2', 'rest']);
  });

  it('keeps the last ones only', () => {
    const ring = new LineRing(2);
    ring.push('1\n2\n3\n4\n');
    expect(ring.lines).toEqual(['3', '4']);
  });

  it('stays small whatever comes', () => {
    const ring = new LineRing(3);
    for (let count = 0; count < 100; count++) ring.push('x'.repeat(10_000));
    expect(ring.lines.join('').length).toBeLessThanOrEqual(1000);
  });
});
