import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../errors.ts';
import { createLog } from '../../log.ts';
import { Playback } from '../playback.ts';
import { makeDirectory, removeDirectory } from '../../segments/openedStore.fixture.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { levelOf, readCounters, readSound, soundOffset, storeCounted, sweepAt } from './countedMedia.fixture.ts';
import type { NewClip } from './clips.ts';
import { FormerMedia } from './formerMedia.ts';
import { openClips, type OpenedClips } from './openedClips.fixture.ts';

const frameMs = 1000 / 30;
let root: string;
let opened: OpenedClips;
/** 8 s, frames 0 to 239. */
let source: string;

beforeAll(async () => {
  root = await makeDirectory();
  opened = await openClips(root);
  source = await opened.video({ seconds: 8, startMs: 5000, bFrames: 2 });
});

afterAll(async () => {
  await opened.close();
  await removeDirectory(root);
});

async function clipOf(clip: Omit<NewClip, 'sourceEntryId'> & { sourceEntryId?: string }): Promise<string> {
  const started = await opened.clips.create({ sourceEntryId: source, ...clip });
  if (isRefusal(started)) throw new Error(started.message);
  expect(await started.finished).toBeUndefined();
  return started.entryId;
}

async function codeOf(clip: Omit<NewClip, 'sourceEntryId'> & { sourceEntryId?: string }): Promise<string | undefined> {
  const started = await opened.clips.create({ sourceEntryId: source, ...clip });
  return isRefusal(started) ? started.refused : undefined;
}

const composed = async (entryId: string): Promise<TimelineReader> => (await opened.store.composed(entryId))!;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const between = (first: number, end: number) => ({ inMs: first * frameMs, outMs: end * frameMs });
const folders = async () => (await readdir(join(root, 'media'))).toSorted();

describe('a clip', () => {
  it('has the frames from in to out in every rendition, and says where it came from', async () => {
    const entryId = await clipOf({ parts: [between(25, 200)], createdBy: 'Ada' });
    const timeline = await composed(entryId);
    // Its own frames, those that it shares, its own.
    expect(timeline.periods.map(({ seamless = false }) => seamless)).toEqual([false, true, true]);
    for (const trackId of ['v0', 'v1']) expect(await readCounters(timeline, trackId)).toEqual(range(25, 200));
    expect(timeline.ended).toBe(true);
    const clip = await opened.entries.get(entryId);
    expect(clip).toMatchObject({
      name: 'Clip of What was recorded',
      createdBy: 'Ada',
      video: { origin: 'clip', status: 'ready', sourceEntryId: source, rootEntryId: source, durationMs: 5833 },
    });
    expect((await opened.clips.partsOf([entryId])).get(entryId)).toEqual([
      { entryId: source, inMs: 25 * frameMs, outMs: 200 * frameMs },
    ]);
  });

  it('shares what it can: of its media only the edges are its own', async () => {
    const before = await folders();
    const whole = await clipOf({ parts: [between(0, 240)] });
    expect(await folders()).toEqual(before);
    expect((await opened.store.usage(whole)).bytes).toBe((await opened.store.usage(source)).bytes);
    const long = await clipOf({ parts: [between(40, 200)] });
    const { segments } = (await opened.store.composed(source))!;
    const inside = segments.slice(1, 3).flatMap(({ tracks }) => Object.values(tracks).map(({ bytes }) => bytes));
    expect((await opened.store.usage(long)).sharedBytes).toBe(inside.reduce((sum, bytes) => sum + bytes, 0));
    const short = await clipOf({ parts: [between(70, 73)] });
    expect(await readCounters(await composed(short), 'v1')).toEqual(range(70, 73));
    expect(await folders()).toHaveLength(before.length + 3);
  });

  it.each([
    [60, 180],
    [60, 230],
    [10, 180],
  ])(
    'has sound to the sample, also where a frame of it goes over the end of a segment: %d to %d',
    async (first, end) => {
      const timeline = await composed(await clipOf({ parts: [between(first, end)] }));
      expect(await readCounters(timeline, 'v0')).toEqual(range(first, end));
      for (const [index, { tracks }] of timeline.segments.entries()) {
        const { startTicks, durationTicks, independent } = tracks.v0!;
        const next = timeline.segments[index + 1]?.tracks.v0?.startTicks ?? startTicks + durationTicks;
        expect([index, independent, startTicks + durationTicks]).toEqual([index, true, next]);
      }
      const sounds = await readSound(timeline);
      const inSamples = (ticks: number) => Math.round((ticks * 48) / 90);
      const { a0: beginning, v0: picture } = timeline.segments[0]!.tracks;
      const lead = inSamples(picture!.startTicks) - beginning!.startTicks;
      expect([lead >= 1024, lead < 2048]).toEqual([true, true]);
      expect(levelOf(sounds[0]!, 0, Math.max(0, lead - 100))).toBeLessThan(0.02);
      expect(levelOf(sounds[0]!, lead + 50, lead + 500)).toBeGreaterThan(0.2);
      expect(soundOffset(sounds[0]!, (index) => sweepAt(first * 1600 - lead + index), lead)).toBe(0);
      const { period, tracks } = timeline.segments.at(-1)!;
      const ofPeriod = timeline.segments.find((segment) => segment.period === period)!;
      const soundEnd = inSamples(tracks.v0!.startTicks + tracks.v0!.durationTicks) - ofPeriod.tracks.a0!.startTicks;
      const ending = sounds.at(-1)!;
      expect(soundOffset(ending, (index) => sweepAt(end * 1600 - soundEnd + index), 2048)).toBe(0);
      expect(levelOf(ending, soundEnd - 500, soundEnd - 50)).toBeGreaterThan(0.2);
      expect(ending.length).toBeGreaterThanOrEqual(soundEnd);
      expect(levelOf(ending, soundEnd + 100, ending.length)).toBeLessThan(0.02);
    },
  );

  it('may be one frame long, and begin and end where the media do', async () => {
    const one = await clipOf({ parts: [between(239, 240)] });
    expect(await readCounters(await composed(one), 'v0')).toEqual([239]);
    const all = await clipOf({ parts: [between(0, 240)] });
    expect(await readCounters(await composed(all), 'v0')).toEqual(range(0, 240));
  });

  it('may consist of parts of several entries in any order, and of clips', async () => {
    const other = await opened.video({ seconds: 4, startMs: 0 });
    const clip = await clipOf({ parts: [between(100, 110)] });
    const parts = [between(200, 206), { ...between(10, 15), entryId: other }, { ...between(2, 8), entryId: clip }];
    const timeline = await composed(await clipOf({ parts }));
    const expected = [...range(200, 206), ...range(10, 15), ...range(102, 108)];
    expect(timeline.periods.some(({ seamless }) => seamless)).toBe(false);
    for (const trackId of ['v0', 'v1']) expect(await readCounters(timeline, trackId)).toEqual(expected);
    expect((await opened.entries.get(timeline.entryId))?.video?.durationMs).toBe(567);
  });

  it('leaves out the gap it goes over', async () => {
    const gapped = await opened.video({ seconds: 4, startMs: 0 }, { seconds: 4, startMs: 60_000 });
    const span = await opened.clips.span(gapped);
    expect(span).toMatchObject({ startMs: 0, endMs: 64_000, gaps: [{ startMs: 4000, endMs: 60_000 }] });
    const timeline = await composed(await clipOf({ sourceEntryId: gapped, parts: [{ inMs: 3000, outMs: 61_000 }] }));
    expect(await readCounters(timeline, 'v0')).toEqual([...range(90, 120), ...range(0, 30)]);
    const { startMs, durationMs } = timeline.segments.at(-1)!;
    expect(startMs + durationMs - timeline.segments[0]!.startMs).toBeLessThan(2100);
    expect(await codeOf({ sourceEntryId: gapped, parts: [{ inMs: 3000, outMs: 30_000 }] })).toBe('clipPointInGap');
  });

  it('ends with the frame that is on the screen, if that is what was asked for', async () => {
    const at = (frame: number) => (frame + 0.5) * frameMs;
    const entryId = await clipOf({ parts: [{ inMs: at(70), lastMs: at(72) }] });
    expect(await readCounters(await composed(entryId), 'v0')).toEqual([70, 71, 72]);
    expect((await opened.clips.partsOf([entryId])).get(entryId)).toEqual([
      { entryId: source, inMs: at(70), outMs: expect.closeTo(73 * frameMs, 3) },
    ]);
    const last = await clipOf({ parts: [{ inMs: at(239), lastMs: at(239) }] });
    expect(await readCounters(await composed(last), 'v1')).toEqual([239]);
  });

  it('has the media it was asked for by their clock, though the entry plays something else by then', async () => {
    const { id } = await opened.entries.create({ type: 'live', name: 'On and off the air' });
    await storeCounted(opened.store, { id: 'morning', entryId: 'morning' }, { seconds: 4 });
    await storeCounted(opened.store, { id: 'noon', entryId: id, stayLive: true }, { seconds: 6, startMs: 60_000 });
    const span = await opened.clips.span(id);
    if (isRefusal(span)) throw new Error(span.message);
    const asked = { inMs: 61_000, outMs: 63_000, epochMs: span.epochMs };
    await opened.store.compose(id, id, [
      { timelineId: 'morning', first: 0, end: 2 },
      { timelineId: 'noon', first: 0, end: 3 },
    ]);
    expect(await opened.clips.span(id)).toMatchObject({
      startMs: 0,
      endMs: 10_000,
      parts: [
        { startMs: 0, epochMs: span.epochMs },
        { startMs: expect.closeTo(4000, -1), epochMs: expect.closeTo(span.epochMs + 56_000, -2) },
      ],
    });
    const entryId = await clipOf({ sourceEntryId: id, parts: [asked] });
    expect(await readCounters(await composed(entryId), 'v0')).toEqual(range(30, 90));
    const [part] = (await opened.clips.partsOf([entryId])).get(entryId)!;
    expect(part?.inMs).toBeCloseTo(5000, -2);
    const gone = { inMs: 61_000, outMs: 63_000, epochMs: span.epochMs - 3_600_000 };
    const refusal = await opened.clips.create({ sourceEntryId: id, parts: [gone] });
    expect(refusal).toMatchObject({ refused: 'clipPointOutside', details: { point: 'in', startMs: 0 } });
  });

  it('leaves out segments that are lost, and does not begin or end in them', async () => {
    const own = await makeDirectory();
    let scene = await openClips(own);
    const holed = await scene.video({ seconds: 8 });
    await scene.close();
    for (const track of ['v0', 'v1', 'a0']) await rm(join(own, 'media/recorded-0/0', track, '1.m4s'));
    scene = await openClips(own);
    try {
      expect(await scene.clips.span(holed)).toMatchObject({ gaps: [{ startMs: 2000, endMs: 4000 }] });
      const cut = (inMs: number, outMs: number) =>
        scene.clips.create({ sourceEntryId: holed, parts: [{ inMs, outMs }] });
      const inside = { refused: 'clipPointInGap', details: { point: 'out', startMs: 2000, endMs: 4000 } };
      expect(await cut(500, 3000)).toMatchObject(inside);
      expect(await scene.clips.trim(holed, { inMs: 500, outMs: 3000 })).toMatchObject(inside);
      const started = await cut(500, 4500);
      if (isRefusal(started)) throw new Error(started.message);
      expect(await started.finished).toBeUndefined();
      const timeline = (await scene.store.composed(started.entryId))!;
      expect(await readCounters(timeline, 'v0')).toEqual([...range(15, 60), ...range(120, 135)]);
      expect((await scene.entries.get(started.entryId))?.video?.durationMs).toBe(2000);
      // Gone since it was looked at: of a timeline at rest nobody has noticed.
      for (const track of ['v0', 'v1', 'a0']) await rm(join(own, 'media/recorded-0/0', track, '2.m4s'));
      expect(await cut(500, 5000)).toMatchObject({ refused: 'clipSourceGone' });
    } finally {
      await scene.close();
      await removeDirectory(own);
    }
  });

  it('survives its source', async () => {
    const doomed = await opened.video({ seconds: 4 });
    const entryId = await clipOf({ sourceEntryId: doomed, parts: [between(20, 100)] });
    await opened.store.decompose(doomed);
    await opened.store.deleteEntry(`live-of-${doomed}`);
    expect(await readCounters(await composed(entryId), 'v0')).toEqual(range(20, 100));
  });

  it('can be made of a live entry while it is on, counted from the beginning of the broadcast', async () => {
    const { id } = await opened.entries.create({ type: 'live', name: 'On the air' });
    await storeCounted(opened.store, { id: 'on-air', entryId: id, stayLive: true }, { seconds: 6, startMs: 4000 });
    expect(await opened.clips.span(id)).toMatchObject({ startMs: 4000, endMs: 10_000, live: true, hasSource: true });
    const entryId = await clipOf({ sourceEntryId: id, parts: [{ inMs: 5000, outMs: 7000 }] });
    expect(await readCounters(await composed(entryId), 'v1')).toEqual(range(30, 90));
    expect(await opened.clips.trim(id, { inMs: 5000, outMs: 7000 })).toMatchObject({ refused: 'liveNotTrimmable' });
  });

  it.each([
    ['ends before it begins', { inMs: 3000, outMs: 2000 }, 'clipRangeEmpty'],
    ['has no frame', { inMs: 2000, outMs: 2010 }, 'clipRangeEmpty'],
    ['begins before the media', { inMs: -500, outMs: 2000 }, 'clipPointOutside'],
    ['ends after the media', { inMs: 2000, outMs: 8200 }, 'clipPointOutside'],
    ['is no number', { inMs: NaN, outMs: 2000 }, 'clipRangeEmpty'],
  ])('is refused when it %s', async (_, part, code) => {
    expect(await codeOf({ parts: [part] })).toBe(code);
  });

  it('is refused of entries that have nothing to cut', async () => {
    const manual = await opened.entries.create({
      type: 'manual',
      name: 'Elsewhere',
      urls: { hls: 'https://a.example' },
    });
    const idle = await opened.entries.create({ type: 'live', name: 'Not yet on' });
    const parts = [between(0, 1)];
    expect(await codeOf({ sourceEntryId: manual.id, parts })).toBe('clipSourceUnfit');
    expect(await codeOf({ sourceEntryId: idle.id, parts })).toBe('notLive');
    expect(await codeOf({ sourceEntryId: '0_nothere0', parts })).toBe('entryNotFound');
  });

  it('says which of its parts cannot be cut', async () => {
    const refusal = await opened.clips.create({ sourceEntryId: source, parts: [between(0, 9), between(9, 9)] });
    expect(refusal).toMatchObject({ refused: 'clipRangeEmpty', details: { part: 1 } });
  });
});

describe('a trim', () => {
  it('changes the entry in place, can be undone, and be done for good', async () => {
    const entryId = await opened.video({ seconds: 6, startMs: 4000 });
    expect(await opened.clips.trim(entryId, between(31, 151))).toBeUndefined();
    expect(await readCounters(await composed(entryId), 'v0')).toEqual(range(31, 151));
    expect((await opened.entries.get(entryId))?.video).toMatchObject({ trimmed: true, durationMs: 4000 });

    expect(await opened.clips.trim(entryId, between(10, 100))).toBeUndefined();
    expect(await readCounters(await composed(entryId), 'v1')).toEqual(range(41, 131));

    expect(await opened.clips.undoTrim(entryId)).toBeUndefined();
    expect(await readCounters(await composed(entryId), 'v0')).toEqual(range(0, 180));
    expect((await opened.entries.get(entryId))?.video).toMatchObject({ trimmed: false, durationMs: 6000 });
    expect(await opened.clips.undoTrim(entryId)).toMatchObject({ refused: 'notTrimmed' });

    const before = await folders();
    await opened.clips.trim(entryId, between(60, 120));
    await opened.store.deleteEntry(`live-of-${entryId}`);
    const held = (await opened.store.usage(entryId)).bytes;
    expect(await opened.clips.keepTrim(entryId)).toBeUndefined();
    expect((await opened.store.usage(entryId)).bytes).toBeLessThan(held);
    expect((await opened.entries.get(entryId))?.video?.trimmed).toBe(false);
    expect(await readCounters(await composed(entryId), 'v0')).toEqual(range(60, 120));
    expect((await folders()).length).toBeLessThanOrEqual(before.length);
  });

  it('leaves what was played before to those who still play it, for a while', async () => {
    const entryId = await opened.video({ seconds: 4 });
    const playback = new Playback(opened.store, { newestOf: () => undefined, stateOf: () => undefined });
    const former = async () => (await playback.former(entryId)).map(({ id }) => id);
    const told: string[] = [];
    const stop = opened.clips.onReplaced((id) => told.push(id));
    const whole = (await composed(entryId)).id;
    await opened.clips.trim(entryId, between(30, 90));
    const trimmed = (await composed(entryId)).id;
    expect(await former()).toEqual([whole]);
    await opened.clips.undoTrim(entryId);
    expect([(await composed(entryId)).id, await former()]).toEqual([whole, [trimmed]]);
    expect(await readCounters((await playback.former(entryId))[0]!, 'v0')).toEqual(range(30, 90));
    expect(told).toEqual([entryId, `live-of-${entryId}`, entryId, `live-of-${entryId}`]);
    stop();
    // As at the next start.
    await new FormerMedia({ store: opened.store, log: createLog('silent', false) }).recover();
    expect(await former()).toEqual([]);
    expect((await opened.store.usage(entryId)).bytes).toBeGreaterThan(0);
  });

  it('is refused while another one is made', async () => {
    const entryId = await opened.video({ seconds: 4 });
    const both = await Promise.all([
      opened.clips.trim(entryId, between(10, 100)),
      opened.clips.trim(entryId, between(20, 50)),
    ]);
    expect(both.map((refusal) => refusal?.refused)).toEqual([undefined, 'entryBeingEdited']);
    expect(await readCounters(await composed(entryId), 'v0')).toEqual(range(10, 100));
  });
});

describe('a cut that fails', () => {
  it('leaves no media behind, and an entry that says why', async () => {
    const own = await makeDirectory();
    const failing = { run: () => Promise.reject(new Error('no ffmpeg today')) };
    const scene = await openClips(own, { tasks: failing });
    try {
      const entryId = await scene.video({ seconds: 4 });
      const media = await readdir(join(own, 'media'));
      const started = await scene.clips.create({ sourceEntryId: entryId, parts: [between(3, 9)] });
      if (isRefusal(started)) throw new Error(started.message);
      expect(await scene.entries.get(started.entryId)).toMatchObject({ video: { status: 'processing' } });
      expect(await started.finished).toMatchObject({ refused: 'clipFailed' });
      expect((await scene.entries.get(started.entryId))?.video).toMatchObject({
        status: 'failed',
        failure: expect.stringContaining('could not be cut'),
      });
      expect(await scene.store.usage(started.entryId)).toEqual({ bytes: 0, sharedBytes: 0 });
      expect(await scene.clips.trim(entryId, between(3, 9))).toMatchObject({ refused: 'clipFailed' });
      expect(await scene.entries.get(entryId)).toMatchObject({ video: { trimmed: false } });
      expect(await readCounters((await scene.store.composed(entryId))!, 'v0')).toEqual(range(0, 120));
      expect(await readdir(join(own, 'media'))).toEqual(media);
      expect(await scene.journal.unfinished()).toEqual([]);
    } finally {
      await scene.close();
      await removeDirectory(own);
    }
  });

  it('is taken back at the next start when the server was killed', async () => {
    const own = await makeDirectory();
    let scene = await openClips(own, { tasks: { run: () => new Promise<never>(() => undefined) } });
    const entryId = await scene.video({ seconds: 4 });
    const media = await readdir(join(own, 'media'));
    const started = await scene.clips.create({ sourceEntryId: entryId, parts: [between(3, 9)] });
    if (isRefusal(started)) throw new Error(started.message);
    // As far as a trim can get before the catalog knows of it.
    const ownerId = 'cut-killed';
    await scene.journal.begin({ ownerId, entryId, kind: 'trim', wasTrimmed: false });
    const whole = await scene.store.composed(entryId);
    const [first, second] = whole!.segments.map(({ sequence }) => sequence);
    await scene.store.compose(`${entryId}:original`, entryId, scene.store.rangesOf(whole!, first!, first! + 2));
    await scene.store.compose(entryId, entryId, scene.store.rangesOf(whole!, second!, second! + 1));
    await storeCounted(scene.store, { id: `${ownerId}_0`, entryId: ownerId }, { seconds: 2 });
    await scene.database.destroy();
    scene = await openClips(own);
    try {
      await scene.clips.recover();
      expect((await scene.entries.get(started.entryId))?.video).toMatchObject({
        status: 'failed',
        failure: expect.stringContaining('The server was stopped'),
      });
      expect(await readCounters((await scene.store.composed(entryId))!, 'v0')).toEqual(range(0, 120));
      expect(await scene.entries.get(entryId)).toMatchObject({ video: { trimmed: false, durationMs: 4000 } });
      expect(await scene.store.composed(`${entryId}:original`)).toBeUndefined();
      expect(await readdir(join(own, 'media'))).toEqual(media);
      expect(await scene.journal.unfinished()).toEqual([]);
    } finally {
      await scene.close();
      await removeDirectory(own);
    }
  });
});
