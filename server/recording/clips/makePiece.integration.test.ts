import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCues } from '../../media/captions/cueFragment.ts';
import { readTrackInit } from '../../media/mp4/initSegment.ts';
import { makeDirectory, openStore, removeDirectory, type OpenedStore } from '../../segments/openedStore.fixture.ts';
import type { SegmentRange } from '../../segments/segmentStore.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { FfmpegTasks } from '../../transcode/ffmpegTask.ts';
import { levelOf, readCounters, readSound, soundOffset, storeCounted, sweepAt } from './countedMedia.fixture.ts';
import { findCutPoint, type CutPoint } from './cutPoint.ts';
import { planCut, type Piece } from './cutPlan.ts';
import { makePiece } from './makePiece.ts';
import { readStoredSamples } from './storedSamples.ts';
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
    const tracks = await makePiece(tasks, {
      timeline,
      piece,
      edges: { isFirst: piece === steps[0], isStart: piece === steps[0], isEnd: piece === steps.at(-1) },
    });
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
    // Frame 40 begins with sample 64000; what comes before is silent.
    const [sound] = await readSound(head!);
    const headStart = head!.segments[0]!.tracks['a0']!.startTicks - 48_000;
    const silence = 64_000 - headStart;
    // A frame that is silent, and what is left of the first that is not.
    expect([silence >= 1024, silence < 2048]).toEqual([true, true]);
    expect(levelOf(sound!, 0, silence - 100)).toBeLessThan(0.02);
    expect(levelOf(sound!, silence + 20, silence + 200)).toBeGreaterThan(0.3);
    expect(soundOffset(sound!, (index) => sweepAt(headStart + index), silence)).toBe(0);
    // It ends where the sound of what it is followed by begins.
    const { startTicks, durationTicks } = head!.segments[0]!.tracks['a0']!;
    expect(startTicks + durationTicks).toBe(timeline.segments[1]!.tracks['a0']!.startTicks);
    // Frame 167 begins with sample 267200.
    const [ending] = await readSound(tail!);
    const tailStart = tail!.segments[0]!.tracks['a0']!.startTicks - 48_000;
    expect(soundOffset(ending!, (index) => sweepAt(tailStart + index), 1024)).toBe(0);
    const soundEnd = 267_200 - tailStart;
    expect(levelOf(ending!, soundEnd - 1000, soundEnd - 100)).toBeGreaterThan(0.2);
    expect(levelOf(ending!, soundEnd + 100, soundEnd + 1000)).toBeLessThan(0.02);
  });

  it('keeps the time of sound behind a hole in it, and is silent there', async () => {
    const id = { id: 'holed', entryId: '0_aaaaaaaf' };
    const timeline = await storeCounted(opened.store, id, { seconds: 4, flavors: [], soundHole: [1, 1.2] });
    const [piece] = await piecesOf(timeline, 500, 1900);
    const [sound] = await readSound(piece!);
    const start = piece!.segments[0]!.tracks['a0']!.startTicks;
    const expected = (index: number) => sweepAt(start + index);
    const at = (seconds: number) => seconds * 48_000 - start;
    expect(soundOffset(sound!, expected, at(0.6))).toBe(0);
    expect(levelOf(sound!, at(1.05), at(1.15))).toBeLessThan(0.02);
    expect(soundOffset(sound!, expected, at(1.3))).toBe(0);
    expect(soundOffset(sound!, expected, at(1.8))).toBe(0);
    // And where it begins in the hole.
    const [late] = await piecesOf(timeline, 1100, 1900);
    const [after] = await readSound(late!);
    const lateStart = late!.segments[0]!.tracks['a0']!.startTicks;
    expect(soundOffset(after!, (index) => sweepAt(lateStart + index), 1.4 * 48_000 - lateStart)).toBe(0);
  });

  it('is decoded in step with what it is joined to', async () => {
    const id = { id: 'joined', entryId: '0_aaaaaaag' };
    const timeline = await storeCounted(opened.store, id, { seconds: 8, startMs: 1000, bFrames: 2 });
    const [head, tail] = await piecesOf(timeline, 1000 + 1333, 1000 + 5567);
    const samplesOf = async (from: TimelineReader, sequence: number) =>
      (await readStoredSamples(from, sequence, 'v0'))!.samples.toSorted((a, b) => a.decodeTicks - b.decodeTicks);
    const last = (await samplesOf(head!, head!.segments.at(-1)!.sequence)).at(-1)!;
    expect(last.decodeTicks + last.durationTicks).toBe((await samplesOf(timeline, 1))[0]!.decodeTicks);
    const before = (await samplesOf(timeline, 1)).at(-1)!;
    expect((await samplesOf(tail!, tail!.segments[0]!.sequence))[0]!.decodeTicks).toBe(
      before.decodeTicks + before.durationTicks,
    );
  });

  it('keeps the pictures of the last segment as they are where none is decoded after what is cut off', async () => {
    const id = { id: 'kept', entryId: '0_aaaaaaae' };
    const timeline = await storeCounted(opened.store, id, { seconds: 6, startMs: 1000, bFrames: 2 });
    const [tail] = await piecesOf(timeline, 1000, 1000 + 5567);
    const read = async (from: TimelineReader, trackId: string) => {
      const stored = await readStoredSamples(from, from.segments.at(-1)!.sequence, trackId);
      return stored!.samples.map(({ data }) => Buffer.from(data));
    };
    const [whole, kept] = [await read(timeline, 'v1'), await read(tail!, 'v1')];
    expect(kept).toHaveLength(47);
    expect(kept).toEqual(whole.slice(0, 47));
    expect(firstAndLast(await readCounters(tail!, 'v0'))).toEqual([120, 166]);
    expect(firstAndLast(await readCounters(tail!, 'v1'))).toEqual([120, 166]);
  });

  it('keeps texts, each for as long as it is in the piece', async () => {
    const id = { id: 'texts', entryId: '0_aaaaaaab' };
    const timeline = await storeCounted(opened.store, id, { seconds: 4, text: true, flavors: [] });
    // Both ends are in neighbouring segments: one piece, with a key frame after two seconds.
    const [piece] = await piecesOf(timeline, 500, 3300);
    const init = readTrackInit(await piece!.init(piece!.periods[0]!.index, 't0')!.buffer());
    const cues = piece!.segments.map(async ({ sequence }) =>
      readCues(await piece!.media(sequence, 't0')!.buffer(), init).map(({ startTicks, endTicks, blocks }) => [
        startTicks,
        endTicks,
        blocks[0]?.text,
      ]),
    );
    expect(await Promise.all(cues)).toEqual([
      [
        [500, 1000, '0'],
        [1000, 2000, '1'],
        [2000, 2500, '2'],
      ],
      [
        [2500, 3000, '2'],
        [3000, 3300, '3'],
      ],
    ]);
    expect(await readCounters(piece!, 'v0')).toEqual(Array.from({ length: 84 }, (_, index) => 15 + index));
  });

  it('begins where a late frame is asked for as that frame', async () => {
    const id = { id: 'rounding', entryId: '0_aaaaaaac' };
    const timeline = await storeCounted(opened.store, id, { seconds: 2, flavors: [] });
    const frameAt = async (ms: number) => Math.round(((await pointAt(timeline, ms)).atMs * 30) / 1000);
    // Frame 2 is shown from 66.7 ms on.
    expect(await Promise.all([65, 66, 67, 99, 100].map(frameAt))).toEqual([1, 2, 2, 3, 3]);
  });

  it('cuts sound without a picture at the very sample', async () => {
    const id = { id: 'sound', entryId: '0_aaaaaaad' };
    const timeline = await storeCounted(opened.store, id, { seconds: 6, flavors: [], soundOnly: true });
    const [head, tail] = await piecesOf(timeline, 700, 5456);
    const [sound] = await readSound(head!);
    const headStart = head!.segments[0]!.tracks['a0']!.startTicks;
    const silence = 33_600 - headStart;
    expect(soundOffset(sound!, (index) => sweepAt(headStart + index), silence)).toBe(0);
    expect(levelOf(sound!, 0, silence - 100)).toBeLessThan(0.02);
    expect(levelOf(sound!, silence + 100, silence + 900)).toBeGreaterThan(0.2);
    const [ending] = await readSound(tail!);
    const soundEnd = 261_888 - tail!.segments[0]!.tracks['a0']!.startTicks;
    expect(levelOf(ending!, soundEnd - 900, soundEnd - 100)).toBeGreaterThan(0.2);
    expect(levelOf(ending!, soundEnd + 100, soundEnd + 1000)).toBeLessThan(0.02);
  });
});
