import { describe, expect, it } from 'vitest';
import { PeakBins, sampleRate } from './peakBins.ts';

const pcm = (...samples: number[]) => Buffer.from(new Int16Array(samples).buffer);

describe('peaks', () => {
  it('are the lowest and highest sample of each bin, wherever the samples begin', () => {
    const bins = new PeakBins(3);
    const samples = Array.from({ length: sampleRate / 50 }, (_, index) => (index === 100 ? 32_767 : -256));
    bins.addSamples(pcm(...samples), 10);
    expect(bins.range(0, 1)).toEqual({ min: -1, max: 127 });
    expect(bins.range(1, 2)).toEqual({ min: -1, max: -1 });
    expect(bins.range(2, 3)).toBeUndefined();
    expect(bins.range(0, 3)).toEqual({ min: -1, max: 127 });
  });

  it('leave out what is before and after their block', () => {
    const bins = new PeakBins(1);
    bins.addSamples(pcm(...Array.from({ length: 320 }, () => 30_000)), -20);
    bins.addSamples(pcm(...Array.from({ length: 320 }, () => 30_000)), 20);
    expect(bins.range(-5, 9)).toBeUndefined();
  });
});
