import { describe, expect, it } from 'vitest';
import { readInit } from '../media/mp4/initSegment.ts';
import { madeFragment, madeInit } from '../media/mp4/madeMp4.fixture.ts';
import { readFragment } from '../media/mp4/mediaFragment.ts';
import type { NewFragment } from '../segments/segmentStore.ts';
import { PartCutter } from './partCutter.ts';
import type { SegmenterEvent } from './segmenter.ts';
import { TrackFragment } from './trackFragment.ts';

const videoInit = readInit(madeInit('video', 90_000));

function frame(decodeTicks: number, durationTicks: number, sync = false): TrackFragment {
  return new TrackFragment(madeFragment(decodeTicks, [{ durationTicks, media: [1, 2, 3], sync }]), videoInit);
}

function frames(count: number, durationTicks: number, fromTicks = 0): TrackFragment[] {
  return Array.from({ length: count }, (_, index) =>
    frame(fromTicks + index * durationTicks, durationTicks, index === 0),
  );
}

function append(segment: number, fragments: readonly TrackFragment[]): SegmenterEvent<TrackFragment>[] {
  return fragments.map((fragment) => ({ type: 'append', segment, trackId: 'v0', fragment }));
}

/** Segment, start, length and number of samples of each part. */
function partsOf(events: readonly SegmenterEvent<NewFragment>[]): number[][] {
  return events.flatMap((event) => {
    if (event.type !== 'append') return [];
    const { startTicks, durationTicks, data } = event.fragment;
    return [[event.segment, startTicks, durationTicks, readFragment(data, videoInit).samples.length]];
  });
}

describe('PartCutter', () => {
  const second = videoInit.timescale;

  it.each([
    [30, 10],
    [25, 9],
    [60, 20],
    [15, 5],
    [10, 4],
  ])('makes parts of %i frames a second at least a third of a second long', (rate, expected) => {
    const parts = partsOf(new PartCutter().cut(append(0, frames(rate * 2, second / rate))));
    expect(new Set(parts.map(([, , , samples]) => samples))).toEqual(new Set([expected]));
    expect(parts[1]![1]).toBe((expected * second) / rate);
  });

  it('hands a part out with its last frame, and what is left with the end of the segment', () => {
    const cutter = new PartCutter();
    const all = frames(24, second / 30);
    expect(cutter.cut(append(7, all.slice(0, 9)))).toEqual([]);
    expect(partsOf(cutter.cut(append(7, all.slice(9))))).toHaveLength(2);
    const end = cutter.cut([{ type: 'complete', segment: 7 }]);
    expect(end.map(({ type }) => type)).toEqual(['append', 'complete']);
    expect(partsOf(end)).toEqual([[7, (20 * second) / 30, (4 * second) / 30, 4]]);
  });

  it('never mixes segments', () => {
    const cutter = new PartCutter();
    const all = frames(12, second / 30);
    const events = cutter.cut([...append(0, all.slice(0, 6)), ...append(1, all.slice(6))]);
    expect(partsOf([...events, ...cutter.cut([{ type: 'complete', segment: 1 }])])).toEqual([
      [0, 0, (6 * second) / 30, 6],
      [1, (6 * second) / 30, (6 * second) / 30, 6],
    ]);
  });

  it('begins another part after a hole, and gives a long frame one of its own', () => {
    const cutter = new PartCutter();
    const ms = second / 1000;
    const late = [frame(0, 40 * ms), frame(45 * ms, 40 * ms), frame(85 * ms, 2000 * ms), frame(2085 * ms, 40 * ms)];
    const events = [...cutter.cut(append(0, late)), ...cutter.cut([{ type: 'complete', segment: 0 }])];
    expect(partsOf(events).map(([, start, , samples]) => [start! / ms, samples])).toEqual([
      [0, 1],
      [45, 1],
      [85, 1],
      [2085, 1],
    ]);
  });

  it('takes milliseconds that were rounded for what they are', () => {
    const rounded = Array.from({ length: 30 }, (_, index) => {
      const at = Math.round((index * 1000) / 30);
      return frame((at * second) / 1000, ((Math.round(((index + 1) * 1000) / 30) - at) * second) / 1000);
    });
    expect(partsOf(new PartCutter().cut(append(0, rounded))).map(([, , , samples]) => samples)).toEqual([10, 10, 10]);
  });
});
