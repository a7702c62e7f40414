import { describe, expect, it } from 'vitest';
import type { HealthSample } from '../../../../shared/model/health.ts';
import { healthSample } from '../../../../shared/model/healthSample.fixture.ts';
import { arrivalAdvice } from './arrivalAdvice.ts';

const healthy = { ...healthSample, bitrateBps: 2_400_000 };

/** One sample a second; `change` says what differs in each. */
function advise(change: (second: number) => Partial<HealthSample>, seconds = 30) {
  return arrivalAdvice(Array.from({ length: seconds }, (_, second) => Object.assign({}, healthy, change(second))));
}
const titles = (...asked: Parameters<typeof advise>) => advise(...asked).map(({ title }) => title);

describe('advice on arrivals', () => {
  it('is none when they are well, or not known, or not known for long', () => {
    expect(titles(() => ({}))).toEqual([]);
    expect(titles(() => ({ avOffsetMs: null, jitterMs: null, lagMs: null, frameIntervalVariation: null }))).toEqual([]);
    expect(titles(() => ({ jitterMs: 500 }), 14)).toEqual([]);
    expect(arrivalAdvice([])).toEqual([]);
  });

  it('names what is behind when sound and picture are more than 300 ms apart', () => {
    expect(titles(() => ({ avOffsetMs: 300 }))).toEqual([]);
    expect(titles(() => ({ avOffsetMs: 480 }))).toEqual(['The sound is 480 ms behind the picture']);
    expect(titles(() => ({ avOffsetMs: -310 }))).toEqual(['The picture is 310 ms behind the sound']);
    expect(titles((second) => ({ avOffsetMs: second % 7 === 0 ? 900 : 0 }))).toEqual([]);
  });

  it('says that the uplink is too slow while the lag grows, and what would fit', () => {
    expect(advise((second) => ({ lagMs: second * 100 }))).toMatchObject([
      { tone: 'warning', title: 'The connection carries less than the encoder sends' },
    ]);
    expect(advise((second) => ({ lagMs: second * 100 }))[0]?.text).toContain('set the encoder to 1.6 Mb/s or less');
    // A file sent ahead of time, or a pause that is over: late, but not getting later.
    expect(titles(() => ({ lagMs: 5000 }))).toEqual([]);
    expect(titles((second) => ({ lagMs: second * 10 }))).toEqual([]);
  });

  it('notes jitter and a varying frame rate, which is usual in browsers', () => {
    expect(titles(() => ({ jitterMs: 120 }))).toEqual(['The stream arrives unevenly: 120 ms of jitter']);
    expect(titles(() => ({ frameIntervalVariation: 0.4 }))).toEqual(['The frame rate varies']);
    expect(titles(() => ({ frameIntervalVariation: 0.4, protocol: 'whip' }))).toEqual([]);
  });
});
