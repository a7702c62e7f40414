import { describe, expect, it } from 'vitest';
import { readInit } from '../media/mp4/initSegment.ts';
import { madeFragment, madeInit } from '../media/mp4/madeMp4.fixture.ts';
import { readFragment } from '../media/mp4/mediaFragment.ts';
import type { NewFragment } from '../segments/segmentStore.ts';
import { PartCutter } from './partCutter.ts';
import type { SegmenterEvent } from './segmenter.ts';
import { TrackFragment } from './trackFragment.ts';

const epochMs = 1_700_000_000_500;
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

/** What its `prft` says, as ISO/IEC 14496-12 8.16.5 has it. */
function referenceOf(data: Uint8Array): { track: number; unixMs: number; mediaTicks: number } {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  expect([view.getUint32(0), Buffer.from(data.subarray(4, 8)).toString(), view.getUint32(8)]).toEqual([
    32,
    'prft',
    0x01000000,
  ]);
  const ntpSeconds = view.getUint32(16) + view.getUint32(20) / 2 ** 32;
  return {
    track: view.getUint32(12),
    unixMs: Math.round((ntpSeconds - 2_208_988_800) * 1000),
    mediaTicks: Number(view.getBigUint64(24)),
  };
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
    const parts = partsOf(new PartCutter(epochMs).cut(append(0, frames(rate * 2, second / rate))));
    expect(new Set(parts.map(([, , , samples]) => samples))).toEqual(new Set([expected]));
    expect(parts[1]![1]).toBe((expected * second) / rate);
  });

  it('hands a part out with its last frame, and what is left with the end of the segment', () => {
    const cutter = new PartCutter(epochMs);
    const all = frames(24, second / 30);
    expect(cutter.cut(append(7, all.slice(0, 9)))).toEqual([]);
    expect(partsOf(cutter.cut(append(7, all.slice(9))))).toHaveLength(2);
    const end = cutter.cut([{ type: 'complete', segment: 7 }]);
    expect(end.map(({ type }) => type)).toEqual(['append', 'complete']);
    expect(partsOf(end)).toEqual([[7, (20 * second) / 30, (4 * second) / 30, 4]]);
  });

  it('never mixes segments', () => {
    const cutter = new PartCutter(epochMs);
    const all = frames(12, second / 30);
    const events = cutter.cut([...append(0, all.slice(0, 6)), ...append(1, all.slice(6))]);
    expect(partsOf([...events, ...cutter.cut([{ type: 'complete', segment: 1 }])])).toEqual([
      [0, 0, (6 * second) / 30, 6],
      [1, (6 * second) / 30, (6 * second) / 30, 6],
    ]);
  });

  it('begins another part after a hole, and gives a long frame one of its own', () => {
    const cutter = new PartCutter(epochMs);
    const ms = second / 1000;
    const late = [frame(0, 40 * ms), frame(145 * ms, 40 * ms), frame(185 * ms, 2000 * ms), frame(2185 * ms, 40 * ms)];
    const events = [...cutter.cut(append(0, late)), ...cutter.cut([{ type: 'complete', segment: 0 }])];
    expect(partsOf(events).map(([, start, , samples]) => [start! / ms, samples])).toEqual([
      [0, 1],
      [145, 1],
      [185, 1],
      [2185, 1],
    ]);
  });

  it('lets the frame before a hole last until the next one where players would step over it', () => {
    const ms = second / 1000;
    const uneven = [frame(0, 100 * ms), frame(100 * ms, 100 * ms), frame(220 * ms, 100 * ms), frame(320 * ms, 20 * ms)];
    const [event] = new PartCutter(epochMs).cut(append(0, uneven));
    if (event?.type !== 'append') throw new Error('no part');
    expect(event.fragment).toMatchObject({ startTicks: 0, durationTicks: 340 * ms });
    const { samples } = readFragment(event.fragment.data, videoInit);
    expect(samples.map(({ decodeTicks, durationTicks }) => [decodeTicks / ms, durationTicks / ms])).toEqual([
      [0, 100],
      [100, 120],
      [220, 100],
      [320, 20],
    ]);
  });

  it('makes no part longer than players are told because a frame lasts longer than those before it', () => {
    const ms = second / 1000;
    const even = frames(9, 33 * ms);
    const late = [...even, frame(297 * ms, 200 * ms), frame(497 * ms, 140 * ms)];
    expect(partsOf(new PartCutter(epochMs).cut(append(0, late))).map(([, , ticks]) => ticks! / ms)).toEqual([297, 340]);
  });

  it('takes milliseconds that were rounded for what they are', () => {
    const rounded = Array.from({ length: 30 }, (_, index) => {
      const at = Math.round((index * 1000) / 30);
      return frame((at * second) / 1000, ((Math.round(((index + 1) * 1000) / 30) - at) * second) / 1000);
    });
    expect(partsOf(new PartCutter(epochMs).cut(append(0, rounded))).map(([, , , samples]) => samples)).toEqual([
      10, 10, 10,
    ]);
  });

  it('says of each part when its first frame was made', () => {
    const all = [...frames(30, second / 30, 10 * second), frame(20 * second, second)];
    const events = [...new PartCutter(epochMs).cut(append(0, all))];
    const references = events.flatMap((event) => (event.type === 'append' ? [referenceOf(event.fragment.data)] : []));
    expect(references).toEqual([
      { track: 1, unixMs: epochMs + 10_000, mediaTicks: 10 * second },
      { track: 1, unixMs: epochMs + 10_333, mediaTicks: 10 * second + second / 3 },
      { track: 1, unixMs: epochMs + 10_667, mediaTicks: 10 * second + (2 * second) / 3 },
      { track: 1, unixMs: epochMs + 20_000, mediaTicks: 20 * second },
    ]);
  });
});
