import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryTimeline } from './memoryTimeline.fixture.ts';
import { TimelinePart } from './timelinePart.ts';
import type { TimeRange } from './timeRange.ts';
import { a0, addSegments, segmentOf, v0 } from './tracks.fixture.ts';

const epochMs = Date.UTC(2026, 0, 2, 3, 4, 5);
/** Long before anything in these tests could be late. */
const early = () => 0;
const at = (seconds: number) => epochMs + seconds * 1000;

function part(whole: MemoryTimeline, range: TimeRange, now = early): TimelinePart {
  return new TimelinePart(whole, range, now);
}

function live(count = 10, windowSeconds = 0): MemoryTimeline {
  const timeline = new MemoryTimeline({ epochMs, windowSeconds, firstSequence: 7 });
  timeline.startPeriod(0, [v0, a0]);
  addSegments(timeline, count, 0, [v0, a0]);
  return timeline;
}

const starts = ({ segments }: TimelinePart) => segments.map(({ startMs }) => startMs / 1000);

describe('a part of a timeline', () => {
  it('has the whole segments that have something in the range, and no end inside of it', () => {
    expect(starts(part(live(), { startMs: at(5), endMs: at(10) }))).toEqual([4, 6, 8]);
    expect(starts(part(live(), { startMs: at(6), endMs: at(10) + 1 }))).toEqual([6, 8, 10]);
    expect(starts(part(live(4), { endMs: at(3) }))).toEqual([0, 2]);
    expect(starts(part(live(4), { startMs: at(3) }))).toEqual([2, 4, 6]);
    expect(starts(part(live(4), { startMs: at(8) }))).toEqual([]);
    expect(starts(part(live(4), { endMs: at(0) }))).toEqual([]);
  });

  it('has ended once there is media behind it, although the broadcast goes on', () => {
    const whole = live(4);
    const first = part(whole, { endMs: at(8) });
    expect([first.ended, first.segments.length]).toEqual([false, 4]);
    const { version } = first;
    addSegments(whole, 1, 8000, [v0, a0]);
    expect([first.ended, first.segments.length]).toEqual([true, 4]);
    expect(first.version).toBeGreaterThan(version);
  });

  it('that has ended is not made anew by what comes behind it', () => {
    const whole = live(6);
    const ended = part(whole, { startMs: at(2), endMs: at(6) });
    const { version, segments } = ended;
    addSegments(whole, 3, 12_000, [v0, a0]);
    expect(ended.version).toBe(version);
    expect(ended.segments).toBe(segments);
  });

  it('goes on growing without an end, and ends with the broadcast', () => {
    const whole = live(4);
    const open = part(whole, { startMs: at(4) });
    const { version } = open;
    addSegments(whole, 2, 8000, [v0, a0]);
    expect(starts(open)).toEqual([4, 6, 8, 10]);
    expect(open.version).toBeGreaterThan(version);
    expect(open.ended).toBe(false);
    whole.end();
    expect(open.ended).toBe(true);
  });

  it('has ended by the clock when nothing follows, and takes in nothing more then', () => {
    let nowMs = at(9);
    const whole = live(4);
    const waiting = part(whole, { startMs: at(2), endMs: at(20) }, () => nowMs);
    expect(waiting.ended).toBe(false);
    const { version } = waiting;
    nowMs = at(51);
    expect(waiting.ended).toBe(true);
    expect(waiting.version).toBeGreaterThan(version);
    addSegments(whole, 1, 8000, [v0, a0]);
    expect(starts(waiting)).toEqual([2, 4, 6]);
  });

  it('shows what is being written only where it belongs to the part', () => {
    const whole = live(4);
    whole.open(8000);
    const [open, closed, later] = [
      part(whole, { startMs: at(2) }),
      part(whole, { startMs: at(2), endMs: at(8) }),
      part(whole, { startMs: at(9) }),
    ];
    expect(open.growing.map(({ sequence }) => sequence)).toEqual([11]);
    expect(later.growing).toEqual([]);
    expect([closed.growing, closed.ended]).toEqual([[], true]);
    const { growth } = open;
    const stays = closed.growth;
    whole.grow('v0', { startTicks: 0, durationTicks: 30_000, independent: true });
    expect(open.growth).toBeGreaterThan(growth);
    expect(closed.growth).toBe(stays);
  });

  it('counts the periods before it, and has only its own', () => {
    const whole = live(2);
    whole.startPeriod(10_000, [v0]);
    addSegments(whole, 2, 10_000, [v0]);
    whole.startPeriod(14_000, [v0]);
    addSegments(whole, 2, 14_000, [v0]);
    const later = part(whole, { startMs: at(12), endMs: at(16) });
    expect(later.periods.map(({ index }) => index)).toEqual([1, 2]);
    expect(later.discontinuitySequence).toBe(1);
    expect(starts(part(whole, { startMs: at(4), endMs: at(10) }))).toEqual([]);
  });

  it('loses what leaves the window', () => {
    const whole = live(10, 20);
    const kept = part(whole, { startMs: at(4), endMs: at(10) });
    expect(starts(kept)).toEqual([4, 6, 8]);
    const { version } = kept;
    addSegments(whole, 3, 20_000, [v0, a0]);
    expect(starts(kept)).toEqual([6, 8]);
    expect(kept.version).toBeGreaterThan(version);
    addSegments(whole, 3, 26_000, [v0, a0]);
    expect([starts(kept), kept.periods, kept.ended]).toEqual([[], [], true]);
  });

  it('of media put together in another order is the first run of what is in the range', () => {
    const whole = live(3);
    const [first, second, third] = whole.segments;
    const shuffled = [
      { ...third!, sequence: 0 },
      { ...first!, sequence: 1 },
      { ...second!, sequence: 2 },
    ];
    Object.defineProperty(whole, 'segments', { value: shuffled });
    whole.end();
    expect(starts(part(whole, { endMs: at(4) }))).toEqual([0, 2]);
    expect(starts(part(whole, { startMs: at(4) }))).toEqual([4]);
  });

  it('followed step by step is the same as looked at once, and takes nothing back', () => {
    const event = fc.record({
      gapMs: fc.constantFrom(0, 0, 0, 1, 5000),
      durationMs: fc.constantFrom(2000, 1960, 480),
      look: fc.boolean(),
    });
    const second = fc.option(fc.integer({ min: -10, max: 80 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), second, second, (events, from, to) => {
        const whole = live(1, 20);
        const range = {
          ...(from !== undefined && { startMs: at(from) }),
          ...(to !== undefined && { endMs: at(to) }),
        };
        const followed = part(whole, range);
        let last: { version: number; ended: boolean; end: number } = { version: -1, ended: false, end: -1 };
        let positionMs = 2000;
        for (const { gapMs, durationMs, look } of events) {
          if (gapMs > 0) whole.startPeriod((positionMs += gapMs), [v0, a0]);
          whole.add(segmentOf(positionMs, durationMs, [v0, a0]));
          positionMs += durationMs;
          if (!look) continue;
          const expected = whole.segments.filter(
            ({ wallClockMs, durationMs: length }) =>
              wallClockMs < (range.endMs ?? Infinity) && wallClockMs + length > (range.startMs ?? -Infinity),
          );
          expect(followed.segments).toEqual(expected);
          const now = {
            version: followed.version,
            ended: followed.ended,
            end: followed.segments.at(-1)?.sequence ?? last.end,
          };
          expect(now.version).toBeGreaterThanOrEqual(last.version);
          if (last.ended) expect(now).toMatchObject({ ended: true, end: last.end });
          last = now;
        }
      }),
    );
  });
});
