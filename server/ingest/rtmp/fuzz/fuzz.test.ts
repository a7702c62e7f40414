import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.fixture.ts';
import { pieceTargets } from './pieceTargets.fixture.ts';
import { sessionCounts, sessionTargets } from './sessionTargets.fixture.ts';

/** `npm run fuzz` does ten times as many, from another seed each time. */
const inputs = 100_000;

describe('the RTMP server under attack', () => {
  it('survives a hundred thousand inputs without a crash, and with flat memory', async () => {
    const report = await fuzz([...pieceTargets, ...sessionTargets], inputs, 20_240_607);
    expect(report.crashes).toEqual([]);
    expect(report.inputs).toBeGreaterThanOrEqual(inputs);
    expect(report.finalBytes - report.earlyBytes).toBeLessThan(16 * 1024 * 1024);
    // Not so damaged that nothing would get through.
    expect(sessionCounts.ended).toBe(sessionCounts.allowed);
    expect(sessionCounts.allowed).toBeGreaterThan(2000);
    expect(sessionCounts.started).toBeGreaterThan(500);
  }, 120_000);
});
