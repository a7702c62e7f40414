import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../errors.ts';
import type { UnfinishedMedia } from '../packager.ts';
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

function answer(path: string, of: MemoryTimeline = timeline): string {
  const media = cmafMedia(of, path);
  if (media instanceof Promise) return 'waits';
  if (isRefusal(media)) return media.refused;
  return `${media.contentType} ${'bytes' in media ? media.bytes.length : 'as it comes'}`;
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
    expect(answer(`${timelineTag(early)}/a0/0/${4000 * 48 - 1000}.m4s`, early)).toBe('audio/mp4 1000');
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
    expect(answer(`${tag}/v0/16.m4s`)).toBe('segmentNotFound');
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

describe('a segment that is being written', () => {
  const fragment = (startTicks: number, durationTicks: number) => ({ startTicks, durationTicks, independent: true });

  function growingTimeline(): MemoryTimeline {
    const growing = new MemoryTimeline({});
    growing.startPeriod(0, [v0, a0]);
    addSegments(growing, 2, 0, [v0, a0]);
    growing.open(4000);
    growing.grow('v0', fragment(4000 * 90, 30_000), Buffer.from('one '));
    return growing;
  }

  async function bytesOf(media: unknown): Promise<string> {
    const { following } = (await media) as UnfinishedMedia;
    return await text(following);
  }

  it('is followed by its time and by its sequence, and is stored bytes once complete', async () => {
    const growing = growingTimeline();
    const own = timelineTag(growing);
    const byTime = bytesOf(cmafMedia(growing, `${own}/v0/0/${4000 * 90}.m4s`));
    const bySequence = bytesOf(cmafMedia(growing, `${own}/v0/2.m4s`));
    growing.grow('v0', fragment(4000 * 90 + 30_000, 30_000), Buffer.from('two'));
    growing.add({ ...segmentOf(4000, 2000, [v0, a0]) });
    expect(await Promise.all([byTime, bySequence])).toEqual(['one two', 'one two']);
    expect(answer(`${own}/v0/0/${4000 * 90}.m4s`, growing)).toBe('video/mp4 1000');
  });

  it('is waited for by who asks shortly before its first byte', async () => {
    const growing = growingTimeline();
    const late = cmafMedia(growing, `${timelineTag(growing)}/a0/2.m4s`);
    growing.grow('a0', fragment(4000 * 48, 16_000), Buffer.from('sound'));
    const sound = bytesOf(late);
    const next = cmafMedia(growing, `${timelineTag(growing)}/v0/0/${6000 * 90}.m4s`);
    await setImmediate();
    growing.add(segmentOf(4000, 2000, [v0, a0]));
    growing.open(6000);
    growing.grow('v0', fragment(6000 * 90, 30_000), Buffer.from('next'));
    const picture = bytesOf(next);
    await setImmediate();
    growing.add(segmentOf(6000, 2000, [v0, a0]));
    expect(await Promise.all([sound, picture])).toEqual(['sound', 'next']);
  });

  it('is not waited for when it begins elsewhere, or not at all', async () => {
    const growing = growingTimeline();
    const own = timelineTag(growing);
    const elsewhere = cmafMedia(growing, `${own}/v0/0/${5900 * 90}.m4s`);
    growing.add(segmentOf(4000, 2000, [v0, a0]));
    growing.open(6000);
    growing.grow('v0', fragment(6000 * 90, 30_000));
    expect(await elsewhere).toMatchObject({ refused: 'segmentNotFound' });
    const never = cmafMedia(growing, `${own}/v0/0/${8000 * 90}.m4s`);
    growing.end();
    expect(await never).toMatchObject({ refused: 'segmentNotFound' });
  });

  it('is not waited for any longer by who has gone', async () => {
    const growing = growingTimeline();
    const gone = new AbortController();
    const waiting = cmafMedia(growing, `${timelineTag(growing)}/v0/3.m4s`, gone.signal);
    gone.abort();
    expect(await waiting).toMatchObject({ refused: 'segmentNotFound' });
    expect(growing.listeners).toBe(0);
  });

  it.each([
    ['two ahead', 'v0/4.m4s'],
    ['more than a segment ahead', `v0/0/${8200 * 90}.m4s`],
    ['of another period', `v0/1/${6000 * 90}.m4s`],
    ['of a track that there is not', 'v7/3.m4s'],
    ['between two that there are', `v0/0/${1000 * 90}.m4s`],
  ])('is refused at once when %s', (_, path) => {
    const growing = growingTimeline();
    expect(answer(`${timelineTag(growing)}/${path}`, growing)).toBe('segmentNotFound');
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
