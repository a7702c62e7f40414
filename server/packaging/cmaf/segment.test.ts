import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../errors.ts';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import { a0, addSegments, segmentOf, v0, v1 } from '../tracks.fixture.ts';
import { parseMediaPath, timelineTag } from './mediaPath.ts';
import { cmafMedia } from './segment.ts';

const timeline = new MemoryTimeline({ firstSequence: 10 });
timeline.startPeriod(0, [v0, v1, a0]);
addSegments(timeline, 3, 0, [v0, v1, a0]);
timeline.add(segmentOf(6000, 2000, [v0]));
timeline.startPeriod(9000, [v0, { ...a0, timescale: 44_100 }]);
timeline.add(segmentOf(9000, 2000, [v0, { ...a0, timescale: 44_100 }]));
const tag = timelineTag(timeline);

function answer(path: string): string {
  const media = cmafMedia(timeline, path);
  return isRefusal(media) ? media.refused : `${media.contentType} ${media.bytes.length}`;
}

describe('cmafMedia', () => {
  it('finds media by sequence and by time, and init segments by period', () => {
    expect(answer(`${tag}/v0/10.m4s`)).toBe('video/mp4 1000');
    expect(answer(`${tag}/a0/12.m4s`)).toBe('audio/mp4 1000');
    expect(answer(`${tag}/a0/0/${4000 * 48}.m4s`)).toBe('audio/mp4 1000');
    expect(answer(`${tag}/v0/1/${9000 * 90}.m4s`)).toBe('video/mp4 1000');
    expect(answer(`${tag}/a0/1/${9 * 44_100}.m4s`)).toBe('audio/mp4 1000');
    expect(answer(`${tag}/a0/1/init.mp4`)).toBe('audio/mp4 9');
  });

  it('finds audio that begins a frame before its segment', () => {
    const early = new MemoryTimeline({});
    early.startPeriod(0, [v0, a0]);
    for (const startMs of [2000, 4000]) {
      const tracks = {
        v0: { startTicks: startMs * 90, durationTicks: 180_000 },
        a0: { startTicks: startMs * 48 - 1000, durationTicks: 96_000 },
      };
      early.add({ startMs, durationMs: 2000, tracks });
    }
    expect(isRefusal(cmafMedia(early, `${timelineTag(early)}/a0/0/${4000 * 48 - 1000}.m4s`))).toBe(false);
  });

  it('finds what has left the window for as long as the store has it', () => {
    const sliding = new MemoryTimeline({ windowSeconds: 4, graceSegments: 2 });
    sliding.startPeriod(0, [v0]);
    addSegments(sliding, 4, 0, [v0]);
    sliding.startPeriod(10_000, [v0]);
    addSegments(sliding, 2, 10_000, [v0]);
    expect(sliding.periods.map(({ index }) => index)).toEqual([1]);
    const ask = (path: string) => !isRefusal(cmafMedia(sliding, `${timelineTag(sliding)}/v0/${path}`));
    expect([ask('1.m4s'), ask('2.m4s'), ask('3.m4s'), ask('4.m4s')]).toEqual([false, true, true, true]);
    const times = [2000, 4000, 6000].map((ms) => ask(`0/${ms * 90}.m4s`));
    expect([...times, ask(`1/${10_000 * 90}.m4s`)]).toEqual([false, true, true, true]);
    expect(ask('0/init.mp4')).toBe(true);
  });

  it('refuses what is not there', () => {
    expect(answer(`${tag}/v0/9.m4s`)).toBe('segmentNotFound');
    expect(answer(`${tag}/v0/15.m4s`)).toBe('segmentNotFound');
    expect(answer(`${tag}/a0/13.m4s`)).toBe('segmentNotFound');
    expect(answer(`${tag}/v0/0/1.m4s`)).toBe('segmentNotFound');
    expect(answer(`${tag}/v0/0/999999999999999.m4s`)).toBe('segmentNotFound');
    expect(answer(`${tag}/v1/14.m4s`)).toBe('segmentNotFound');
    expect(answer(`${tag}/v1/1/init.mp4`)).toBe('trackNotFound');
    expect(answer(`${tag}/v0/7/init.mp4`)).toBe('trackNotFound');
    expect(answer(`${tag}/constructor/10.m4s`)).toBe('segmentNotFound');
    expect(answer(`${tag}/constructor/0/0.m4s`)).toBe('segmentNotFound');
  });

  it('never gives one broadcast’s media out as another’s', () => {
    const next = new MemoryTimeline({ id: 'broadcast-2', firstSequence: 10 });
    next.startPeriod(0, [v0]);
    addSegments(next, 1, 0, [v0]);
    expect(cmafMedia(next, `${tag}/v0/10.m4s`)).toMatchObject({ refused: 'segmentNotFound' });
  });
});

describe('parseMediaPath', () => {
  it.each([
    'AAAAAAAA/v0/1.mp4',
    'AAAAAAAA/v0/-1.m4s',
    'AAAAAAAA/v0/1e3.m4s',
    'AAAAAAAA/v0/1234567890123456.m4s',
    'AAAAAAAA/V0/1.m4s',
    'AAAAAAAA/v0/../1.m4s',
    'AAAAAAAA/v0/1/2/3.m4s',
    'AAAAAAA/v0/1.m4s',
    'AAAAAAAA/v0/1.m4s\n',
    '',
  ])('knows nothing of %j', (path) => {
    expect(parseMediaPath(path)).toBeUndefined();
  });

  it('knows nothing of 10 kB', () => {
    expect(parseMediaPath(`AAAAAAAA/${'v'.repeat(10_000)}/1.m4s`)).toBeUndefined();
  });
});
