import { describe, expect, it } from 'vitest';
import { MemoryTimeline } from '../../packaging/memoryTimeline.fixture.ts';
import { a0, segmentOf, v0 } from '../../packaging/tracks.fixture.ts';
import { findCutPoint } from './cutPoint.ts';
import { planCut } from './cutPlan.ts';
import { findGaps } from './missingMedia.ts';

/** Segments of 2 s from 0 on; `-` is lost, `/` begins a period a minute later. */
function timelineOf(shape: string): MemoryTimeline {
  const timeline = new MemoryTimeline({});
  timeline.startPeriod(0, [v0, a0]);
  let startMs = 0;
  for (const sign of shape) {
    if (sign === '/') timeline.startPeriod((startMs += 60_000), [v0, a0]);
    else {
      timeline.add(segmentOf(startMs, 2000, sign === '-' ? [] : [v0, a0]));
      startMs += 2000;
    }
  }
  timeline.end();
  return timeline;
}

const gaps = (shape: string) => findGaps(timelineOf(shape)).map(({ startMs, endMs }) => `${startMs}-${endMs}`);

describe('what is missing of a timeline', () => {
  it('is nothing where one segment follows another', () => {
    expect(gaps('xxx')).toEqual([]);
    expect(gaps('')).toEqual([]);
  });

  it('is what is between periods, and what is lost within one', () => {
    expect(gaps('xx/xx')).toEqual(['4000-64000']);
    expect(gaps('x-x--x')).toEqual(['2000-4000', '6000-10000']);
    expect(gaps('x-/-x')).toEqual(['2000-66000']);
  });

  it('may be at the beginning and at the end, or all', () => {
    expect(gaps('-xx--')).toEqual(['0-2000', '6000-10000']);
    expect(gaps('--')).toEqual(['0-4000']);
  });
});

describe('a cut near lost segments', () => {
  const timeline = timelineOf('xx--xx-');
  const at = (positionMs: number) => findCutPoint(timeline, positionMs);

  it('is refused in between, with where the gap is', async () => {
    expect(await at(4500)).toEqual({ failure: 'gap', startMs: 4000, endMs: 8000 });
    expect(await at(7990)).toEqual({ failure: 'gap', startMs: 4000, endMs: 8000 });
    expect(await at(13_000)).toEqual({ failure: 'gap', startMs: 12_000, endMs: 14_000 });
  });

  it('can be made where they begin, where they end, and at the end of all media', async () => {
    const begin = { sequence: 4, atMs: 4000, isBoundary: true };
    expect(await at(4000)).toEqual(begin);
    expect(await at(8000)).toEqual({ sequence: 4, atMs: 8000, isBoundary: true });
    expect(await at(14_000)).toEqual({ sequence: 7, atMs: 14_000, isBoundary: true });
    const from = { sequence: 0, atMs: 0, isBoundary: true };
    const shared = (first: number, end: number) => ({ type: 'shared', first, end });
    expect(planCut(timeline, from, begin)).toEqual([shared(0, 2)]);
    const whole = { sequence: 7, atMs: 14_000, isBoundary: true };
    expect(planCut(timeline, from, whole)).toEqual([shared(0, 2), shared(4, 6)]);
    expect(planCut(timeline, begin, whole)).toEqual([shared(4, 6)]);
  });
});
