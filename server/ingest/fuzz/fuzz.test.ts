import { describe, expect, it } from 'vitest';
import { rtmpPieceTargets } from '../rtmp/fuzz/rtmpPieceTargets.fixture.ts';
import { rtmpCounts, rtmpSessionTargets } from '../rtmp/fuzz/rtmpSessionTargets.fixture.ts';
import { rtspCounts, rtspTargets } from '../rtsp/fuzz/rtspTargets.fixture.ts';
import { fuzz, type FuzzTarget } from './fuzz.fixture.ts';

const seed = 20_240_607;

/** `npm run fuzz` does ten times as many, from another seed each time. */
describe.each([
  ['RTMP', [...rtmpPieceTargets, ...rtmpSessionTargets], 100_000, rtmpCounts],
  ['RTSP', rtspTargets, 60_000, rtspCounts],
] satisfies [string, readonly FuzzTarget[], number, typeof rtmpCounts][])(
  'the %s server under attack',
  (_, targets, inputs, counts) => {
    it('survives tens of thousands of inputs without a crash, and with flat memory', async () => {
      const report = await fuzz(targets, inputs, seed);
      expect(report.crashes).toEqual([]);
      expect(report.inputs).toBeGreaterThanOrEqual(inputs);
      expect(report.finalBytes - report.earlyBytes).toBeLessThan(16 * 1024 * 1024);
      // Not so damaged that nothing would get through.
      expect(counts.ended).toBe(counts.allowed);
      expect(counts.allowed).toBeGreaterThan(2000);
      expect(counts.started).toBeGreaterThan(500);
    }, 120_000);
  },
);
