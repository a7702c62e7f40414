import { describe, expect, it } from 'vitest';
import type { MediaFragment } from '../media/mp4/mediaFragment.ts';
import { BitrateMeter } from './bitrateMeter.ts';

function fragment(...samples: readonly [bytes: number, sync: boolean][]): MediaFragment {
  return {
    startTicks: 0,
    durationTicks: 0,
    independent: true,
    samples: samples.map(([bytes, sync]) => ({
      offset: 0,
      bytes,
      decodeTicks: 0,
      durationTicks: 0,
      compositionTicks: 0,
      sync,
    })),
  };
}

describe('BitrateMeter', () => {
  it('does not take the first key frame for the rule', () => {
    const meter = new BitrateMeter('video');
    expect(meter.bitrateBps).toBeUndefined();
    meter.add(fragment([50_000, true], [10_000, false], [10_000, false]), 400);
    expect(meter.bitrateBps).toBe(200_000 + 400_000);
  });

  it('knows the rate of audio from its first fragment', () => {
    const meter = new BitrateMeter('audio');
    meter.add(fragment([400, true], [400, true]), 50);
    expect(meter.bitrateBps).toBe(128_000);
  });

  it('knows the rate of a picture that is all key frames', () => {
    const meter = new BitrateMeter('video');
    for (let frame = 0; frame < 10; frame++) meter.add(fragment([5000, true]), 40);
    expect(meter.bitrateBps).toBe(1_000_000);
  });

  it('follows a source that changes its rate', () => {
    const meter = new BitrateMeter('video');
    for (let second = 0; second < 60; second++) meter.add(fragment([10_000, true], [115_000, false]), 1000);
    expect(meter.bitrateBps).toBeCloseTo(1_000_000, -2);
    for (let second = 0; second < 60; second++) meter.add(fragment([1000, true], [11_500, false]), 1000);
    expect(meter.bitrateBps).toBeLessThan(400_000);
  });
});
