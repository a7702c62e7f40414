import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Challenges } from './challenges.ts';

describe('Challenges', () => {
  it('are each taken once', () => {
    const challenges = new Challenges(randomBytes, () => 0);
    const { opaque, salt } = challenges.issue('pub');
    expect(challenges.take(opaque)).toMatchObject({ username: 'pub', salt });
    expect(challenges.take(opaque)).toBeUndefined();
    expect(challenges.take('')).toBeUndefined();
  });

  it('are fresh each time, and without characters that end a pair', () => {
    const challenges = new Challenges(randomBytes, () => 0);
    const issued = Array.from({ length: 50 }, () => challenges.issue('pub'));
    expect(new Set(issued.map(({ opaque }) => opaque)).size).toBe(50);
    expect(issued.every(({ opaque, salt }) => /^[0-9a-f]{12,32}$/.test(opaque) && /^[0-9a-f]{12}$/.test(salt))).toBe(
      true,
    );
  });

  it('are too old after half a minute', () => {
    let now = 0;
    const challenges = new Challenges(randomBytes, () => now);
    const early = challenges.issue('pub');
    const late = challenges.issue('pub');
    now = 29_999;
    expect(challenges.take(early.opaque)).toBeDefined();
    now = 30_000;
    expect(challenges.take(late.opaque)).toBeUndefined();
  });

  it('do not pile up when nobody answers', () => {
    const challenges = new Challenges(randomBytes, () => 0);
    for (let count = 0; count < 12_000; count += 1) challenges.issue('pub');
    expect(challenges.size).toBeLessThanOrEqual(10_000);
  });
});
