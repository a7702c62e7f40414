import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { madePeriod, madeSegment, madeTimeline } from './timeline.fixture.ts';
import type { Timeline } from './timeline.ts';

function appendSeconds(timeline: Timeline, count: number, seconds = 2, folder = 0): void {
  for (let index = 0; index < count; index++) {
    const startMs = timeline.nextStartMs(0);
    timeline.append(madePeriod(folder), timeline.nextSequence, madeSegment(startMs, seconds * 1000), startMs);
  }
}

const sequences = (timeline: Timeline) => timeline.segments.map(({ sequence }) => sequence);

describe('Timeline window', () => {
  it('drops a segment once it lies wholly before the window', () => {
    const timeline = madeTimeline({ windowSeconds: 10 });
    appendSeconds(timeline, 5);
    expect(sequences(timeline)).toEqual([0, 1, 2, 3, 4]);
    appendSeconds(timeline, 1);
    expect(sequences(timeline)).toEqual([1, 2, 3, 4, 5]);
  });

  it('keeps three segments and three target durations, however short the window', () => {
    const timeline = madeTimeline({ windowSeconds: 1 });
    appendSeconds(timeline, 10);
    expect(sequences(timeline)).toEqual([7, 8, 9]);
    appendSeconds(timeline, 1, 10);
    appendSeconds(timeline, 6, 2);
    // 3 × 10 s are kept, which 22 s do not fill.
    expect(sequences(timeline)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16].slice(-timeline.segments.length));
    expect(timeline.targetDurationSeconds).toBe(10);
  });

  it('keeps everything when the window is 0', () => {
    const timeline = madeTimeline({ windowSeconds: 0 });
    appendSeconds(timeline, 5000);
    timeline.evict(1e15);
    expect(timeline.segments).toHaveLength(5000);
  });

  it('never moves its edge back, even when the window grows', () => {
    const timeline = madeTimeline({ windowSeconds: 10 });
    appendSeconds(timeline, 50);
    timeline.setWindow(7200, 0);
    expect(sequences(timeline)[0]).toBe(45);
    timeline.setWindow(6, 0);
    expect(sequences(timeline)).toEqual([47, 48, 49]);
  });

  it('answers for segments that have left the window until their grace is over', () => {
    const timeline = madeTimeline({ windowSeconds: 10 });
    appendSeconds(timeline, 6);
    expect(timeline.segment(0)?.sequence).toBe(0);
    // The first left when the sixth was published, at 10 s.
    expect(timeline.takeExpired(10_000 + 59_999, 100)).toEqual([]);
    const segments = timeline.takeExpired(10_000 + 60_000, 100);
    expect(segments.map(({ segment }) => segment.sequence)).toEqual([0]);
    expect(timeline.segment(0)).toBeUndefined();
    expect(timeline.segment(1)?.sequence).toBe(1);
    expect(sequences(timeline)).toEqual([1, 2, 3, 4, 5]);
  });

  it('gives out expired segments in batches and loses none', () => {
    const timeline = madeTimeline({ windowSeconds: 7200 });
    appendSeconds(timeline, 100);
    timeline.setWindow(6, 0);
    const taken: number[] = [];
    for (let batch = 0; batch < 11; batch++)
      taken.push(...timeline.takeExpired(60_000, 9).map(({ segment }) => segment.sequence));
    expect(taken).toEqual(Array.from({ length: 97 }, (_, sequence) => sequence));
  });

  it('keeps what it shows when it ends, though the last publisher was waited for, and lets it go at once', () => {
    const endedAtMs = 1_000_000 + 20_000 + 300_000;
    const timeline = madeTimeline({ windowSeconds: 30 });
    appendSeconds(timeline, 20);
    const shown = sequences(timeline);
    expect(shown).toHaveLength(15);
    timeline.end(endedAtMs);
    timeline.evict(endedAtMs + 299_999);
    expect(sequences(timeline)).toEqual(shown);
    timeline.takeExpired(endedAtMs + 299_999, 100);
    timeline.evict(endedAtMs + 300_000);
    expect(timeline.segments).toEqual([]);
    expect(timeline.segment(shown[0]!)?.sequence).toBe(shown[0]);
    timeline.takeExpired(endedAtMs + 359_999, 100);
    expect(timeline.oldest).toBe(shown[0]);
    timeline.takeExpired(endedAtMs + 360_000, 100);
    expect(timeline.oldest).toBe(20);
    expect(timeline.discontinuitySequence).toBe(1);
  });

  it('can be watched for as long again as its window, once it has ended', () => {
    const timeline = madeTimeline({ windowSeconds: 7200 });
    appendSeconds(timeline, 5000, 2);
    timeline.end(50_000_000);
    timeline.evict(50_000_000 + 7_199_999);
    expect(timeline.segments).toHaveLength(3600);
    timeline.evict(50_000_000 + 7_200_000);
    expect(timeline.segments).toEqual([]);
  });

  it('shows the same after a restart, for as long as it would have without', () => {
    const timeline = madeTimeline({ windowSeconds: 30 });
    appendSeconds(timeline, 20);
    timeline.end(2_000_000);
    const rows = sequences(timeline).map((sequence) => {
      const { segment, file } = timeline.stored(sequence)!;
      return { stored: madePeriod(0), file, segment };
    });
    const floors = { sequenceFloor: 20, periodFloor: 1 };
    const restored = madeTimeline({ windowSeconds: 30, ...floors, endedAtMs: 2_000_000 });
    restored.restore(rows, timeline.edge, 2_200_000);
    expect(sequences(restored)).toEqual(sequences(timeline));
    restored.evict(2_300_000);
    expect(restored.segments).toEqual([]);
  });
});

describe('Timeline periods', () => {
  it('numbers periods without holes, whatever folders they are in', () => {
    const timeline = madeTimeline({ windowSeconds: 12 });
    appendSeconds(timeline, 3, 2, 0);
    appendSeconds(timeline, 3, 2, 4);
    expect(timeline.periods.map(({ index }) => index)).toEqual([0, 1]);
    expect(timeline.discontinuitySequence).toBe(0);
    appendSeconds(timeline, 3, 2, 5);
    expect(timeline.periods.map(({ index }) => index)).toEqual([1, 2]);
    expect(timeline.discontinuitySequence).toBe(1);
    timeline.takeExpired(1e9, 100);
    expect([timeline.storedPeriod(0), timeline.storedPeriod(1)?.folder]).toEqual([undefined, 4]);
  });

  it('starts above the numbers it is given', () => {
    const timeline = madeTimeline({ firstSequence: 40, sequenceFloor: 45, periodFloor: 7 });
    expect(timeline.discontinuitySequence).toBe(7);
    appendSeconds(timeline, 1);
    expect(timeline.segments[0]).toMatchObject({ sequence: 45, period: 7 });
  });
});

describe('Timeline positions', () => {
  it('lets an empty timeline begin at 0, whatever the time', () => {
    expect(madeTimeline().nextStartMs(9_000_000)).toBe(0);
  });

  it('lets new media begin after all other media, and not before the wall clock', () => {
    const timeline = madeTimeline();
    appendSeconds(timeline, 1);
    expect(timeline.nextStartMs(1_000_500)).toBe(2000);
    expect(timeline.nextStartMs(1_003_000)).toBe(3000);
    timeline.extend(4000.2);
    expect(timeline.nextStartMs(1_003_000)).toBe(4001);
  });

  it('does not begin at 0 again when all earlier media was lost', () => {
    const timeline = madeTimeline({ firstSequence: 3, sequenceFloor: 9 });
    expect(timeline.nextStartMs(1_009_000)).toBe(9000);
  });
});

describe('Timeline snapshots', () => {
  it('answers the same array until something changes, and never changes one it has given out', () => {
    const timeline = madeTimeline({ windowSeconds: 6 });
    appendSeconds(timeline, 3);
    const { segments, periods } = timeline;
    expect(timeline.segments).toBe(segments);
    expect(timeline.periods).toBe(periods);
    appendSeconds(timeline, 3);
    expect(segments.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
    expect(sequences(timeline)).toEqual([3, 4, 5]);
  });

  it('tells listeners, and goes on when one of them throws', () => {
    const errors: unknown[] = [];
    const timeline = madeTimeline({}, (error) => errors.push(error));
    let heard = 0;
    timeline.onChanged(() => {
      throw new Error('broken listener');
    });
    const stop = timeline.onChanged(() => heard++);
    appendSeconds(timeline, 2);
    stop();
    appendSeconds(timeline, 1);
    expect(heard).toBe(2);
    expect(errors).toHaveLength(3);
  });
});

type Step =
  | { type: 'append'; durationMs: number; gapMs: number; newPeriod: boolean }
  | { type: 'wait'; ms: number }
  | { type: 'window'; seconds: number }
  | { type: 'end' }
  | { type: 'restart' };

const steps = fc.array(
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record({
        type: fc.constant('append' as const),
        durationMs: fc.integer({ min: 100, max: 12_000 }),
        gapMs: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 400_000 })),
        newPeriod: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 90_000 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.constant('window' as const), seconds: fc.integer({ min: 0, max: 200 }) }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('end' as const) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
  ),
  { maxLength: 120 },
) as fc.Arbitrary<Step[]>;

/** What the window may hold at most: its length and one segment that reaches into it, or three segments. */
function expectBound(timeline: Timeline): void {
  const { segments } = timeline;
  const [oldest] = segments;
  const newest = segments.at(-1);
  if (timeline.ended || timeline.windowSeconds === 0 || segments.length <= 3 || !oldest || !newest) return;
  const windowMs = Math.max(timeline.windowSeconds, 3 * timeline.targetDurationSeconds) * 1000;
  const ends = Math.max(...segments.map(({ startMs, durationMs }) => startMs + durationMs));
  expect(oldest.startMs + oldest.durationMs).toBeGreaterThan(ends - windowMs);
}

describe('Timeline, whatever happens', () => {
  it('keeps the promises that players rely on', () => {
    fc.assert(
      fc.property(steps, (run) => {
        let timeline = madeTimeline({ windowSeconds: 30, firstSequence: 5, sequenceFloor: 5, periodFloor: 2 });
        let rows: Parameters<Timeline['restore']>[0][number][] = [];
        let edgeInRow = 5;
        let nowMs = timeline.epochMs;
        let folder = 0;
        let mediaEndMs: number | undefined;
        let endedAtMs: number | undefined;
        for (const step of run) {
          const before = {
            version: timeline.version,
            edge: timeline.segments[0]?.sequence ?? 0,
            next: timeline.nextSequence,
            discontinuity: timeline.discontinuitySequence,
            target: timeline.targetDurationSeconds,
            segments: timeline.segments,
            ended: timeline.ended,
          };
          if (step.type === 'append' && !timeline.ended) {
            if (step.newPeriod) folder += 2;
            const startMs = timeline.nextStartMs(0) + step.gapMs;
            edgeInRow = timeline.edge;
            const stored = madePeriod(folder, startMs);
            const segment = timeline.append(
              stored,
              timeline.nextSequence,
              madeSegment(startMs, step.durationMs),
              nowMs,
            );
            rows.push({ stored, file: segment.sequence, segment });
            mediaEndMs = Math.max(mediaEndMs ?? 0, startMs + step.durationMs);
            expect(timeline.version).toBeGreaterThan(before.version);
            expect(timeline.segments.at(-1)).toBe(segment);
          } else if (step.type === 'wait') {
            nowMs += step.ms;
            timeline.evict(nowMs);
            const segments = timeline.takeExpired(nowMs, 20);
            rows = rows.slice(segments.length);
            for (const { segment } of segments) expect(segment.sequence).toBeLessThan(timeline.edge);
          } else if (step.type === 'window') {
            timeline.setWindow(step.seconds, nowMs);
            edgeInRow = timeline.edge;
          } else if (step.type === 'end') {
            edgeInRow = timeline.edge;
            timeline.end(nowMs);
            endedAtMs ??= nowMs;
          }
          if (step.type === 'restart' && rows.length > 0) {
            const { windowSeconds } = timeline;
            const floors = { sequenceFloor: timeline.nextSequence, periodFloor: timeline.nextPeriod };
            const origin = { windowSeconds, endedAtMs, firstSequence: 5, ...floors, version: timeline.version + 1 };
            timeline = madeTimeline({ ...origin, targetDurationSeconds: timeline.targetDurationSeconds });
            timeline.restore(rows, edgeInRow, nowMs);
          }
          const visible = sequences(timeline);
          expect(visible).toEqual(visible.map((_, index) => visible[0]! + index));
          expect(timeline.nextSequence).toBeGreaterThanOrEqual(before.next);
          if (visible.length > 0) expect(visible[0]).toBeGreaterThanOrEqual(before.edge);
          expect(timeline.discontinuitySequence).toBeGreaterThanOrEqual(before.discontinuity);
          expect(timeline.targetDurationSeconds).toBeGreaterThanOrEqual(before.target);
          for (const { durationMs } of timeline.segments)
            expect(Math.round(durationMs / 1000)).toBeLessThanOrEqual(timeline.targetDurationSeconds);
          if (timeline.segments !== before.segments) expect(timeline.version).toBeGreaterThan(before.version);
          expectBound(timeline);
          const isOver = timeline.ended && visible.length === 0;
          if (before.ended && !isOver && step.type !== 'window')
            expect(timeline.segments.length).toBe(before.segments.length);
          if (!timeline.ended && timeline.nextSequence > 7) expect(visible.length).toBeGreaterThanOrEqual(3);
          const used = Array.from(new Set(timeline.segments.map(({ period }) => period)));
          expect(timeline.periods.map(({ index }) => index)).toEqual(used);
          if (used.length > 0) expect(timeline.discontinuitySequence).toBe(used[0]);
          const expected = mediaEndMs === undefined ? 0 : Math.ceil(Math.max(mediaEndMs, nowMs - timeline.epochMs));
          expect(timeline.nextStartMs(nowMs)).toBe(expected);
        }
      }),
      { numRuns: 400 },
    );
  });
});
