import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import { readMpd } from '../readBack.fixture.ts';
import { a0, segmentOf, v0 } from '../tracks.fixture.ts';
import { AnnouncedSegments } from './announcedSegments.ts';
import { createDashPackager } from './packager.ts';

function begin(timeline: MemoryTimeline, startMs: number): void {
  timeline.open(startMs);
  timeline.grow('v0', { startTicks: startMs * 90, durationTicks: 30_000, independent: true });
  timeline.grow('a0', { startTicks: startMs * 48, durationTicks: 16_000, independent: true });
}

it('lists, however long segments get, what keeps its address and its time for good', () => {
  const segment = fc.record({ durationMs: fc.integer({ min: 500, max: 6000 }), newPeriod: fc.boolean() });
  fc.assert(
    fc.property(fc.array(segment, { minLength: 2, maxLength: 20 }), (segments) => {
      const timeline = new MemoryTimeline({});
      const packager = createDashPackager();
      let known: readonly [string, number][] = [];
      const look = () => {
        const listed = readMpd(packager, timeline).get('v0')!;
        const now = listed.map(({ uri, presentationTime }): [string, number] => [uri, presentationTime]);
        expect(now.slice(0, known.length)).toEqual(known);
        known = now;
      };
      let startMs = 0;
      timeline.startPeriod(0, [v0, a0]);
      for (const { durationMs, newPeriod } of segments) {
        if (newPeriod && startMs > 0) timeline.startPeriod(startMs, [v0, a0]);
        begin(timeline, startMs);
        if (startMs > 0) look();
        timeline.add(segmentOf(startMs, durationMs, [v0, a0]));
        look();
        startMs += durationMs;
      }
    }),
    { numRuns: 100 },
  );
});

it('says the same of a segment for as long as it grows, whatever becomes known meanwhile', () => {
  const timeline = new MemoryTimeline({});
  const announced = new AnnouncedSegments(timeline);
  timeline.startPeriod(0, [v0, a0]);
  timeline.add(segmentOf(0, 2000, [v0, a0]));
  timeline.add(segmentOf(2000, 3000, [v0, a0]));
  begin(timeline, 5000);
  const [first] = announced.list();
  expect(first?.tracks).toEqual({
    v0: { startTicks: 450_000, durationTicks: 3100 * 90 },
    a0: { startTicks: 240_000, durationTicks: 3100 * 48 },
  });
  timeline.grow('v0', { startTicks: 480_000, durationTicks: 30_000, independent: false });
  expect(announced.list()).toEqual([first]);
});

it('expects no more than what segments last lately', () => {
  const timeline = new MemoryTimeline({});
  timeline.startPeriod(0, [v0, a0]);
  timeline.add(segmentOf(0, 9000, [v0, a0]));
  for (let index = 0; index < 8; index++) timeline.add(segmentOf(9000 + index * 1000, 1000, [v0, a0]));
  begin(timeline, 17_000);
  const [announced] = new AnnouncedSegments(timeline).list();
  expect(announced?.tracks['v0']?.durationTicks).toBe(1100 * 90);
});
