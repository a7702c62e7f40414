import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../errors.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import { madeMedia, madeTracks } from './madeTracks.fixture.ts';
import { createMssPackager } from './packager.ts';

const { v0, v1, v2, a0 } = madeTracks;
const tracks = [v0, v1, v2, a0];
const bitrates = { video: [3_000_000, 1_400_001, 800_002], audio: [128_000] };

function add(timeline: MemoryTimeline, startMs: number): void {
  const ticks = (timescale: number, ms: number) => (ms * timescale) / 1000;
  const media = tracks.map(({ id, timescale }) => [id, madeMedia(ticks(timescale, startMs), ticks(timescale, 2000))]);
  timeline.add({
    startMs,
    durationMs: 2000,
    tracks: Object.fromEntries(media) as Record<string, ReturnType<typeof madeMedia>>,
  });
}

function live(): { timeline: MemoryTimeline; edge: string[]; stored: string } {
  const timeline = new MemoryTimeline({ windowSeconds: 7200 });
  timeline.startPeriod(0, tracks);
  for (let index = 0; index < 5; index++) add(timeline, index * 2000);
  const path = (bitrate: number, kind: string, seconds: number) =>
    `${timelineTag(timeline)}/QualityLevels(${bitrate})/Fragments(${kind}=${seconds * 1e7})`;
  const edge = Object.entries(bitrates).flatMap(([kind, rates]) => rates.map((rate) => path(rate, kind, 8)));
  return { timeline, edge, stored: path(3_000_000, 'video', 0) };
}

describe('fragments of Smooth Streaming at the live edge', () => {
  it('are waited for without being in the way of what is stored', async () => {
    const { timeline, edge, stored } = live();
    const packager = createMssPackager();
    const all = [...edge, ...edge.map((path) => path.replace('/Fragments(', '/FragmentInfo('))];
    const waiting = all.map(async (path) => packager.media(timeline, path));
    expect(isRefusal(await packager.media(timeline, stored))).toBe(false);
    add(timeline, 10_000);
    expect((await Promise.all(waiting)).filter(isRefusal)).toEqual([]);
  });

  it('are not waited for when nobody wants them any more', async () => {
    const { timeline, edge } = live();
    const gone = new AbortController();
    const waiting = createMssPackager().media(timeline, edge[0]!, gone.signal);
    await new Promise((resolve) => setImmediate(resolve));
    gone.abort();
    expect(await waiting).toMatchObject({ refused: 'segmentNotFound' });
  });
});
