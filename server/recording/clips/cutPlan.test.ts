import { describe, expect, it } from 'vitest';
import type { Period, Segment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { CutPoint } from './cutPoint.ts';
import { planCut } from './cutPlan.ts';

const v0 = { id: 'v0', kind: 'video', timescale: 1000 } as Track;

/** Segments of 2 s from sequence 10 on; those whose place is listed cannot be decoded by themselves. */
function timelineOf(startsMs: readonly number[], periods: readonly number[], dependent: readonly number[] = []) {
  const segments = startsMs.map((startMs, index): Segment => {
    const track = { startTicks: startMs, durationTicks: 2000, bytes: 1, keyFrame: null, fragments: [] };
    return {
      sequence: 10 + index,
      period: periods[index]!,
      startMs,
      durationMs: 2000,
      wallClockMs: startMs,
      tracks: { v0: { ...track, independent: !dependent.includes(index) } },
    };
  });
  return {
    segments,
    periods: [...new Set(periods)].map((index): Period => ({ index, startMs: 0, tracks: [v0] })),
    segment: (sequence: number) => segments[sequence - 10],
  } as unknown as TimelineReader;
}

const at = (sequence: number, atMs: number, isBoundary = false): CutPoint => ({ sequence, atMs, isBoundary });
const brief = (timeline: TimelineReader, from: CutPoint, to: CutPoint) =>
  planCut(timeline, from, to).map(({ type, first, end }) => [type, first, end]);

describe('planning a cut', () => {
  const plain = timelineOf([0, 2000, 4000, 6000, 8000], [0, 0, 0, 0, 0]);

  it('makes the edges anew and shares what is between', () => {
    expect(brief(plain, at(10, 500), at(14, 8500))).toEqual([
      ['piece', 10, 11],
      ['shared', 11, 14],
      ['piece', 14, 15],
    ]);
  });

  it('makes nothing anew where segments begin and end', () => {
    expect(brief(plain, at(11, 2000, true), at(13, 6000, true))).toEqual([['shared', 11, 13]]);
    expect(brief(plain, at(10, 0, true), at(15, 10_000, true))).toEqual([['shared', 10, 15]]);
  });

  it('makes one piece within a segment, and over one boundary', () => {
    expect(brief(plain, at(11, 2500), at(11, 3500))).toEqual([['piece', 11, 12]]);
    expect(brief(plain, at(11, 2500), at(12, 4500))).toEqual([['piece', 11, 13]]);
    expect(brief(plain, at(11, 2500), at(12, 4000, true))).toEqual([['piece', 11, 12]]);
    expect(brief(plain, at(11, 2000, true), at(11, 3500))).toEqual([['piece', 11, 12]]);
  });

  it('leaves gaps out, and does not make a piece over one', () => {
    const gapped = timelineOf([0, 2000, 60_000, 62_000], [0, 0, 1, 1]);
    expect(brief(gapped, at(10, 0, true), at(14, 64_000, true))).toEqual([
      ['shared', 10, 12],
      ['shared', 12, 14],
    ]);
    expect(brief(gapped, at(11, 2500), at(12, 60_500))).toEqual([
      ['piece', 11, 12],
      ['piece', 12, 13],
    ]);
  });

  it('goes on sharing over a period that follows without a gap', () => {
    const changed = timelineOf([0, 2000, 4000], [0, 0, 1]);
    expect(brief(changed, at(10, 0, true), at(13, 6000, true))).toEqual([['shared', 10, 13]]);
  });

  it('goes on making anew until every rendition can be decoded', () => {
    const rare = timelineOf([0, 2000, 4000, 6000, 8000], [0, 0, 0, 0, 0], [1, 2]);
    expect(brief(rare, at(10, 500), at(15, 10_000, true))).toEqual([
      ['piece', 10, 13],
      ['shared', 13, 15],
    ]);
    expect(brief(rare, at(11, 2000, true), at(15, 10_000, true))).toEqual([
      ['piece', 11, 13],
      ['shared', 13, 15],
    ]);
    expect(brief(rare, at(10, 500), at(12, 4500))).toEqual([['piece', 10, 13]]);
  });
});
