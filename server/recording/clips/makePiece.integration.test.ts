import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDirectory, openStore, removeDirectory, type OpenedStore } from '../../segments/openedStore.fixture.ts';
import type { SegmentRange } from '../../segments/segmentStore.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { FfmpegTasks } from '../../transcode/ffmpegTask.ts';
import { readCounters, readSound, soundOffset, storeCounted, sweepAt } from './countedMedia.fixture.ts';
import { findCutPoint, type CutPoint } from './cutPoint.ts';
import { planCut, type Piece } from './cutPlan.ts';
import { makePiece } from './makePiece.ts';
import { storePiece } from './storePiece.ts';

let root: string;
let opened: OpenedStore;
let made = 0;
const tasks = new FfmpegTasks({ ffmpegPath: 'ffmpeg', running: 2 });

beforeAll(async () => {
  root = await makeDirectory();
  opened = await openStore(root);
});

afterAll(async () => {
  await tasks.close();
  await opened.close();
  await removeDirectory(root);
});

async function pointAt(timeline: TimelineReader, ms: number): Promise<CutPoint> {
  const point = await findCutPoint(timeline, ms);
  if ('failure' in point) throw new Error(point.failure);
  return point;
}

/** Cuts, and gives the pieces as timelines of their own. */
async function piecesOf(timeline: TimelineReader, inMs: number, outMs: number): Promise<TimelineReader[]> {
  const steps = planCut(timeline, await pointAt(timeline, inMs), await pointAt(timeline, outMs));
  const pieces = steps.filter((step): step is Piece => step.type === 'piece');
  const ranges: SegmentRange[] = [];
  for (const piece of pieces) {
    const tracks = await makePiece(tasks, { timeline, piece, isEnd: piece === steps.at(-1) });
    const place = { id: `piece-${made++}`, ownerId: `owner-${made}` };
    ranges.push(await storePiece(opened.store, place, { timeline, piece }, tracks));
  }
  return ranges.map(({ timelineId }) => opened.store.timeline(timelineId)!);
}

const firstAndLast = (counters: readonly number[]) => [counters[0], counters.at(-1)];

describe('a piece', () => {
  it('has the frames it was cut for, in every rendition, and sound that is right to the sample', async () => {
    const id = { id: 'plain', entryId: '0_aaaaaaaa' };
    const timeline = await storeCounted(opened.store, id, { seconds: 8, startMs: 1000, bFrames: 2 });
    // Frames 40 and 167 at 30 frames a second.
    const [head, tail] = await piecesOf(timeline, 1000 + 1333, 1000 + 5567);
    for (const trackId of ['v0', 'v1']) {
      const counters = await readCounters(head!, trackId);
      expect([trackId, ...firstAndLast(counters), counters.length]).toEqual([trackId, 40, 59, 20]);
      expect([trackId, ...firstAndLast(await readCounters(tail!, trackId))]).toEqual([trackId, 120, 166]);
    }
    const [sound] = await readSound(head!);
    const from = Math.round((40 / 30) * 48_000);
    expect(soundOffset(sound!, (index) => sweepAt(from + index), 1024)).toBe(0);
    const [ending] = await readSound(tail!);
    const tailStart = tail!.segments[0]!.tracks['a0']!.startTicks - 48_000;
    expect(soundOffset(ending!, (index) => sweepAt(tailStart + index), 1024)).toBe(0);
    const soundEnd = Math.round((167 / 30) * 48_000) - tailStart;
    const level = (start: number, end: number) =>
      Math.sqrt(ending!.slice(start, end).reduce((sum, sample) => sum + sample ** 2, 0) / (end - start));
    expect(level(soundEnd - 200, soundEnd)).toBeGreaterThan(0.2);
    expect(level(soundEnd + 100, soundEnd + 400) || 0).toBeLessThan(0.05);
  });
});
