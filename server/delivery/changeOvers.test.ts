import { describe, expect, it } from 'vitest';
import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { addSegments, v0 } from '../packaging/tracks.fixture.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { ChangeOvers } from './changeOvers.ts';

const entryId = '0_abcd1234';

function timelineOf(id: string, count = 3, ended = true): MemoryTimeline {
  const timeline = new MemoryTimeline({ id });
  timeline.startPeriod(0, [v0]);
  addSegments(timeline, count, 0, [v0]);
  if (ended) timeline.end();
  return timeline;
}

const pathOf = (timeline: TimelineReader) => `${timelineTag(timeline)}/v0/1.m4s`;

describe('change-overs', () => {
  it('keep what was playing before for those who know it, for two hours', () => {
    let nowMs = 0;
    const changeOvers = new ChangeOvers(() => nowMs);
    const [first, second, third] = [timelineOf('a'), timelineOf('b'), timelineOf('c')];
    for (const timeline of [first, first, second, third]) changeOvers.saw(entryId, timeline);
    expect(changeOvers.before(entryId, pathOf(first))).toBe(first);
    expect(changeOvers.before(entryId, pathOf(second))).toBe(second);
    expect(changeOvers.before(entryId, pathOf(third))).toBeUndefined();
    expect(changeOvers.before('0_00000000', pathOf(first))).toBeUndefined();
    nowMs = 2 * 3_600_000;
    expect(changeOvers.before(entryId, pathOf(first))).toBe(first);
    nowMs++;
    expect(changeOvers.before(entryId, pathOf(first))).toBeUndefined();
  });

  it('are none while one thing is playing, also when it is read anew', () => {
    const changeOvers = new ChangeOvers(() => 0);
    for (let count = 0; count < 3; count++) {
      const again = timelineOf('a');
      changeOvers.saw(entryId, again);
      expect(changeOvers.before(entryId, pathOf(again))).toBeUndefined();
    }
    const live = timelineOf('b', 3, false);
    changeOvers.saw('0_00000000', live);
    addSegments(live, 3, 6000, [v0]);
    live.end();
    changeOvers.saw('0_00000000', live);
    expect(changeOvers.before('0_00000000', pathOf(live))).toBeUndefined();
  });

  it('are one where a broadcast becomes its recording, which may have less, under the same name', () => {
    const changeOvers = new ChangeOvers(() => 0);
    const live = timelineOf('a', 5, false);
    changeOvers.saw(entryId, live);
    live.end();
    const recording = timelineOf('a', 4);
    changeOvers.saw(entryId, recording);
    expect(changeOvers.before(entryId, pathOf(recording))).toBe(live);
  });

  it('hold no more than so many segments, and nothing that nobody asks for', () => {
    let nowMs = 0;
    const changeOvers = new ChangeOvers(() => nowMs, 10);
    const all = Array.from({ length: 10 }, (_, index) => timelineOf(`t${index}`, 4));
    for (const timeline of all) changeOvers.saw(entryId, timeline);
    expect(changeOvers.heldSegments).toBe(8);
    expect(changeOvers.before(entryId, pathOf(all[0]!))).toBe('forgotten');
    nowMs += 9 * 60_000;
    expect(changeOvers.before(entryId, pathOf(all[8]!))).toBe(all[8]);
    nowMs += 2 * 60_000;
    changeOvers.sweep();
    expect(changeOvers.heldSegments).toBe(4);
    expect(changeOvers.before(entryId, pathOf(all[7]!))).toBe('forgotten');
    nowMs += 2 * 3_600_000;
    changeOvers.sweep();
    expect(changeOvers.heldSegments).toBe(0);
  });
});
