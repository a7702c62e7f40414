import { describe, expect, it } from 'vitest';
import type { HealthSample } from '../../../shared/model/health.ts';
import { healthSample } from '../../../shared/model/healthSample.fixture.ts';
import { healthAdvice } from './healthAdvice.ts';

/** One sample a second; `change` says what differs in each. */
function run(count: number, change: (second: number) => Partial<HealthSample> = () => ({})) {
  const samples = Array.from({ length: count }, (_, second) => ({
    ...healthSample,
    at: second * 1000,
    ...change(second),
  }));
  return healthAdvice(samples, (count - 1) * 1000 + 500);
}

const titles = (advice: ReturnType<typeof run>) => advice.map(({ title }) => title);

describe('healthAdvice', () => {
  it('has nothing to say before the first sample', () => {
    expect(healthAdvice([], 0)).toEqual([]);
  });

  it('says that all is well only after it has seen enough', () => {
    expect(run(3)).toMatchObject([{ tone: 'note', title: 'Measuring' }]);
    expect(run(60)).toMatchObject([{ tone: 'good' }]);
  });

  it('says that nothing is arriving when samples stop', () => {
    expect(healthAdvice([healthSample], 9000)).toMatchObject([
      { title: 'Nothing is arriving', text: expect.stringContaining('9 seconds') as string },
    ]);
  });

  it('warns of key frames more than 4 seconds apart, and of none', () => {
    expect(titles(run(60, () => ({ keyFrameIntervalMs: 4000 })))).toEqual(['Everything looks right']);
    expect(titles(run(60, () => ({ keyFrameIntervalMs: 8333 })))).toEqual(['Key frames are 8.3 seconds apart']);
    expect(titles(run(60, () => ({ keyFrameIntervalMs: null })))).toEqual(['No key frames are arriving']);
    expect(titles(run(4, () => ({ keyFrameIntervalMs: null })))).toEqual(['Measuring']);
  });

  it('warns of lost frames, not of those a former connection lost', () => {
    expect(titles(run(60, (second) => ({ droppedFrames: second })))[0]).toMatch(/^29 frames were lost/);
    expect(titles(run(60, () => ({ droppedFrames: 500 })))).toEqual(['Everything looks right']);
    expect(titles(run(60, (second) => ({ droppedFrames: second < 45 ? 500 : 0 })))).toEqual(['Everything looks right']);
  });

  it('warns of a bitrate that falls below half of what it usually is', () => {
    expect(titles(run(90, (second) => ({ bitrateBps: second > 80 ? 1_000_000 : 2_500_000 })))).toEqual([
      'The bitrate keeps falling',
    ]);
    expect(titles(run(90, (second) => ({ bitrateBps: second > 55 ? 1_100_000 : 2_500_000 })))).toEqual([
      'Everything looks right',
    ]);
    expect(titles(run(90, (second) => ({ bitrateBps: second === 85 ? 0 : 2_500_000 })))).toEqual([
      'Everything looks right',
    ]);
  });

  it('notes a bitrate too low for the size, also of an upright picture', () => {
    const slides = { bitrateBps: 300_000 };
    expect(titles(run(60, () => slides))).toEqual(['300 kb/s is little for 1280×720']);
    expect(titles(run(60, () => ({ ...slides, protocol: 'whip' as const })))).toEqual(['Everything looks right']);
    const upright = { width: 1080, height: 1920, bitrateBps: 700_000 };
    expect(titles(run(60, () => upright))).toEqual(['700 kb/s is little for 1080×1920']);
    expect(titles(run(60, () => ({ width: 320, height: 240, bitrateBps: 150_000 })))).toEqual([
      'Everything looks right',
    ]);
  });

  it('notes missing sound, warns of a missing picture', () => {
    expect(run(60, () => ({ audioCodec: null }))).toMatchObject([{ tone: 'note', title: 'There is no sound' }]);
    expect(
      run(60, () => ({ videoCodec: null, keyFrameIntervalMs: null, width: 0, height: 0, frameRate: 0 })),
    ).toMatchObject([{ tone: 'warning', title: 'There is no picture' }]);
  });

  it('warns of a size that keeps changing, not of one change', () => {
    const size = (small: boolean) => (small ? { width: 640, height: 360 } : {});
    expect(titles(run(60, (second) => size(second % 10 < 5)))).toContain('The picture keeps changing its size');
    expect(titles(run(60, (second) => size(second < 5)))).toEqual(['Everything looks right']);
  });

  it('notes a low frame rate', () => {
    expect(titles(run(60, () => ({ frameRate: 8 })))).toEqual(['Only 8 frames a second']);
  });
});
