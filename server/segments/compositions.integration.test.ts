import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readInit } from '../media/mp4/initSegment.ts';
import { readFragment } from '../media/mp4/mediaFragment.ts';
import { makeCmaf, run } from './cmaf.fixture.ts';
import { startPeriod, trackBytes, writeSegments, type MadeMedia } from './madeBroadcast.fixture.ts';
import { makeDirectory, openStore, removeDirectory, type OpenedStore } from './openedStore.fixture.ts';
import type { TimelineWriter } from './segmentStore.ts';
import type { TimelineReader } from './timelineReader.ts';

let made: MadeMedia;
let root: string;
let opened: OpenedStore;
let nowMs = 0;
const epochMs = 1_700_000_000_000;
const entryId = '0_entry001';
const now = () => nowMs;

beforeAll(async () => {
  made = await makeCmaf(8);
});

beforeEach(async () => {
  nowMs = epochMs;
  root = await makeDirectory();
  await open();
});

afterEach(async () => {
  await opened.close();
  await removeDirectory(root);
});

async function open(): Promise<void> {
  opened = await openStore(root, { now, evictionIntervalMs: 5 });
}

async function reopen(): Promise<void> {
  await opened.close();
  await open();
}

const write = (id: string, windowSeconds = 7200, entry = entryId, epoch = epochMs) =>
  opened.store.write({ id, entryId: entry, epochMs: epoch, windowSeconds });

async function broadcast(writer: TimelineWriter, startMs: number, segments: number): Promise<void> {
  await writeSegments(made, await startPeriod(made, writer, startMs), startMs, segments, writer.timeline.epochMs);
}

/** A broadcast that has ended, with so many segments of 2 s. */
async function ended(id: string, segments: number, entry = entryId, epoch = epochMs): Promise<TimelineReader> {
  const writer = await write(id, 7200, entry, epoch);
  await broadcast(writer, 0, segments);
  await writer.end();
  return writer.timeline;
}

async function composed(name: string): Promise<TimelineReader> {
  const timeline = await opened.store.composed(name);
  if (!timeline) throw new Error(`${name} is not composed`);
  return timeline;
}

const sequences = (timeline: TimelineReader) => timeline.segments.map(({ sequence }) => sequence);
const starts = (timeline: TimelineReader) => timeline.segments.map(({ startMs }) => Math.round(startMs));
const whole = (timelineId: string) => ({ timelineId, first: 0, end: null });

/** Decoding times of a track's fragments, as its bytes say them, in ms. */
async function bytesSay(timeline: TimelineReader, trackId: string): Promise<number[]> {
  const times: number[] = [];
  for (const { sequence, tracks, period } of timeline.segments) {
    const init = readInit(await timeline.init(period, trackId)!.buffer());
    const bytes = await timeline.media(sequence, trackId)!.buffer();
    for (const { offset, bytes: length } of tracks[trackId]!.fragments) {
      const { startTicks } = readFragment(bytes.subarray(offset, offset + length), init);
      times.push((startTicks * 1000) / init.timescale);
    }
  }
  return times;
}

/** The same, as the timeline says them. */
const rowsSay = ({ segments, periods }: TimelineReader, trackId: string): number[] =>
  segments.flatMap(({ tracks, period }) => {
    const { timescale } = periods.find(({ index }) => index === period)!.tracks.find(({ id }) => id === trackId)!;
    return tracks[trackId]!.fragments.map(({ startTicks }) => (startTicks * 1000) / timescale);
  });

const storedSequences = async (timelineId: string) => {
  const rows = await opened.database
    .selectFrom('segments')
    .select('sequence')
    .where('timeline_id', '=', timelineId)
    .orderBy('sequence')
    .execute();
  return rows.map(({ sequence }) => sequence);
};

describe('a composition', () => {
  it('of a whole broadcast is the broadcast: same name, numbers, periods and bytes', async () => {
    const writer = await write('one');
    await broadcast(writer, 0, 2);
    await broadcast(writer, 9000, 2);
    await opened.store.compose('rec', '0_record01', [whole('one')]);
    const recording = await composed('rec');
    const { timeline } = writer;
    expect(recording).toMatchObject({ id: 'one', entryId: '0_record01', epochMs, windowSeconds: 0, ended: false });
    expect(recording.segments).toEqual(timeline.segments);
    expect(recording.periods).toEqual(timeline.periods);
    expect(recording.targetDurationSeconds).toBe(timeline.targetDurationSeconds);
    expect(recording.discontinuitySequence).toBe(timeline.discontinuitySequence);
    for (const id of ['v0', 'a0'])
      expect(await trackBytes(recording, 1, id)).toEqual(await trackBytes(timeline, 1, id));
  });

  it('grows with a broadcast that is on, and ends with it', async () => {
    const writer = await write('one', 10);
    await opened.store.compose('rec', '0_record01', [whole('one')]);
    const recording = await composed('rec');
    expect(recording.segments).toEqual([]);
    let changes = 0;
    recording.onChanged(() => changes++);
    const period = await startPeriod(made, writer, 0);
    const segment = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    segment.append('v0', made.v0.fragments[0]!);
    await expect.poll(() => recording.growing.length).toBe(1);
    const growing = recording.growing[0]!;
    expect(growing).toMatchObject({ sequence: 0, period: { index: 0, startMs: 0 }, startMs: 0, wallClockMs: epochMs });
    const growth = recording.growth;
    const followed = buffer(recording.follow(0, 'v0')!);
    segment.append('v0', made.v0.fragments[1]!);
    expect(recording.growth).toBeGreaterThan(growth);
    expect(await recording.fragment(0, 'v0', 1)!.buffer()).toEqual(Buffer.from(made.v0.fragments[1]!.data));
    expect(recording.init(0, 'v0')).toBeDefined();
    await segment.complete();
    expect(await followed).toEqual(await recording.media(0, 'v0')!.buffer());
    expect(sequences(recording)).toEqual([0]);
    await writeSegments(made, period, 2000, 10, epochMs);
    expect(sequences(recording)).toEqual(Array.from({ length: 11 }, (_, sequence) => sequence));
    expect(changes).toBe(11);
    const { version } = recording;
    await writer.end();
    expect(recording).toMatchObject({ ended: true, growing: [] });
    expect(recording.version).toBeGreaterThan(version);
    expect(await composed('rec')).toBe(recording);
  });

  it('puts broadcasts one behind the other, with times that their bytes agree to', async () => {
    await ended('one', 3);
    const writer = await write('two', 7200, entryId, epochMs + 100_000);
    await broadcast(writer, 0, 3);
    await opened.store.compose('rec', '0_record01', [whole('one'), whole('two')]);
    const recording = await composed('rec');
    expect(sequences(recording)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(recording.periods.map(({ index }) => index)).toEqual([0, 1]);
    // The sound of the first broadcast lasts a moment longer than its picture.
    expect(starts(recording).slice(0, 3)).toEqual([0, 2000, 4000]);
    const [, , , fourth] = starts(recording);
    expect(fourth).toBeGreaterThanOrEqual(6000);
    expect(fourth).toBeLessThan(6150);
    expect(recording.segments.map(({ wallClockMs }) => wallClockMs - epochMs)).toEqual([
      0, 2000, 4000, 100_000, 102_000, 104_000,
    ]);
    for (const id of ['v0', 'a0']) {
      const said = await bytesSay(recording, id);
      expect(said).toEqual(rowsSay(recording, id));
      expect(said).toEqual(said.toSorted((a, b) => a - b));
      const joined = await trackBytes(recording, 1, id);
      await run('ffmpeg', '-v error -xerror -i pipe:0 -f null -'.split(' '), joined);
    }
    expect(recording.id).not.toBe('two');
    await reopen();
    const again = await composed('rec');
    expect(again.id).toBe(recording.id);
    expect(again.segments).toEqual(recording.segments);
    expect(again.periods).toEqual(recording.periods);
  });

  it('shows a broadcast that goes on behind another while it grows, moved', async () => {
    await ended('one', 2);
    const writer = await write('two', 7200, entryId, epochMs + 60_000);
    await opened.store.compose('rec', '0_record01', [whole('one'), whole('two')]);
    const recording = await composed('rec');
    expect(recording.ended).toBe(false);
    const period = await startPeriod(made, writer, 0);
    await writeSegments(made, period, 0, 1, epochMs + 60_000);
    expect(sequences(recording)).toEqual([0, 1, 2]);
    const segment = period.openSegment({ startMs: 2000, wallClockMs: epochMs + 62_000 });
    segment.append('v0', made.v0.fragments[4]!);
    const offsetTicks = recording.segments[2]!.tracks['v0']!.startTicks;
    await expect.poll(() => recording.growing).toMatchObject([{ sequence: 3, period: { index: 1 } }]);
    const shown = recording.growing[0]!.fragments.get('v0')!;
    expect(shown[0]!.startTicks).toBe(made.v0.fragments[4]!.startTicks + offsetTicks);
    const init = readInit(made.v0.track.init);
    const bytes = await recording.fragment(3, 'v0', 0)!.buffer();
    expect(readFragment(bytes, init).startTicks).toBe(shown[0]!.startTicks);
    const followed = buffer(recording.follow(3, 'v0')!);
    segment.append('v0', made.v0.fragments[5]!);
    await segment.complete();
    expect(await followed).toEqual(await recording.media(3, 'v0')!.buffer());
    // Those who follow the live timeline get the bytes as they are.
    expect(await writer.timeline.fragment(3, 'v0', 0)!.buffer()).toEqual(Buffer.from(made.v0.fragments[4]!.data));
  });

  it('answers ranges of moved media as it answers the whole', async () => {
    await ended('one', 1);
    await ended('two', 1);
    await opened.store.compose('rec', '0_record01', [whole('one'), whole('two')]);
    const media = (await composed('rec')).media(1, 'v0')!;
    const all = await media.buffer();
    expect(await buffer(media.stream())).toEqual(all);
    for (let start = 0; start < all.length; start += 97) {
      const end = Math.min(all.length - 1, start + 1 + ((start * 31) % 5000));
      expect((await buffer(media.stream({ start, end }))).equals(all.subarray(start, end + 1))).toBe(true);
    }
    const fragment = (await composed('rec')).segments[1]!.tracks['v0']!.fragments[2]!;
    const part = await (await composed('rec')).fragment(1, 'v0', 2)!.buffer();
    expect(part.equals(all.subarray(fragment.offset, fragment.offset + fragment.bytes))).toBe(true);
    expect(() => media.stream({ start: 0, end: all.length })).toThrow(RangeError);
  });

  it('takes parts in any order, and numbers them up to the last one’s own numbers', async () => {
    await ended('one', 10);
    await opened.store.compose('clip', '0_clip0001', [
      { timelineId: 'one', first: 6, end: 8 },
      { timelineId: 'one', first: 1, end: 2 },
      { timelineId: 'one', first: 7, end: 9 },
    ]);
    const clip = await composed('clip');
    expect(clip.ended).toBe(true);
    expect(sequences(clip)).toEqual([4, 5, 6, 7, 8]);
    expect(clip.segments.map(({ period }) => period)).toEqual([0, 0, 1, 2, 2]);
    expect(clip.periods.map(({ startMs }) => Math.round(startMs))).toEqual([12_000, starts(clip)[2], starts(clip)[3]]);
    expect(starts(clip)[0]).toBe(12_000);
    for (const [index, { startMs, durationMs }] of clip.segments.slice(0, -1).entries())
      expect(Math.abs(clip.segments[index + 1]!.startMs - startMs - durationMs)).toBeLessThan(25);
    expect(await bytesSay(clip, 'a0')).toEqual(rowsSay(clip, 'a0'));
    expect(opened.store.rangesOf(clip, 5, 8)).toEqual([
      { timelineId: 'one', first: 7, end: 8 },
      { timelineId: 'one', first: 1, end: 2 },
      { timelineId: 'one', first: 7, end: 8 },
    ]);
    await opened.store.compose('first', '0_clip0002', [
      { timelineId: 'one', first: 0, end: 5 },
      { timelineId: 'one', first: 2, end: 3 },
    ]);
    expect(sequences(await composed('first'))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('is another timeline where a sequence is other media', async () => {
    await ended('one', 6);
    const ids = new Set<string>();
    const ranges = [
      [{ timelineId: 'one', first: 0, end: 2 }, whole('one')],
      [{ timelineId: 'one', first: 0, end: 3 }, whole('one')],
      [whole('one'), { timelineId: 'one', first: 0, end: 2 }],
    ];
    for (const each of ranges) {
      await opened.store.compose('clip', '0_clip0001', each);
      ids.add((await composed('clip')).id);
    }
    expect(ids.size).toBe(3);
    await opened.store.compose('clip', '0_clip0001', [{ timelineId: 'one', first: 2, end: 4 }]);
    const cut = await composed('clip');
    expect(cut.id).toBe('one');
    expect(cut.segments).toEqual(opened.store.timeline('one')!.segments.slice(2, 4));
  });

  it('refuses what is not there, and leaves what was', async () => {
    const writer = await write('one');
    await broadcast(writer, 0, 3);
    await opened.store.compose('clip', '0_clip0001', [{ timelineId: 'one', first: 1, end: 2 }]);
    const part = (timelineId: string, first: number, end: number | null) => ({ timelineId, first, end });
    const cases = [
      { ranges: [part('nobody', 0, 1)], error: 'not stored any more' },
      { ranges: [part('one', 2, 4)], error: 'not stored yet' },
      { ranges: [whole('one'), part('one', 0, 1)], error: 'still grows' },
      { ranges: [part('one', 2, 2)], error: 'segments 2 to 2' },
      { ranges: [part('one', -1, 2)], error: 'segments -1 to 2' },
      { ranges: [part('one', 0, 1.5)], error: 'segments 0 to 1.5' },
      { ranges: [], error: 'nothing' },
    ];
    for (const { ranges, error } of cases)
      await expect(opened.store.compose('clip', '0_clip0001', ranges)).rejects.toThrow(error);
    expect(sequences(await composed('clip'))).toEqual([1]);
    expect(await opened.store.composed('unknown')).toBeUndefined();
    await opened.store.decompose('unknown');
  });

  it('keeps the middle of a window when the rest is deleted, over restarts', async () => {
    const writer = await write('one', 30);
    await broadcast(writer, 0, 6);
    await opened.store.compose('clip', '0_clip0001', [{ timelineId: 'one', first: 2, end: 4 }]);
    await writeSegments(made, await startPeriod(made, writer, 12_000), 12_000, 24, epochMs);
    nowMs += 120_000;
    await expect.poll(() => storedSequences('one')).toEqual([2, 3, ...Array.from({ length: 15 }, (_, at) => at + 15)]);
    await expect
      .poll(() => readdirSync(join(opened.directory, 'one/0/v0')).toSorted())
      .toEqual(['2.m4s', '3.m4s', 'init.mp4']);
    await reopen();
    expect(sequences(opened.store.timeline('one')!)).toHaveLength(15);
    expect(sequences(await composed('clip'))).toEqual([2, 3]);
    await expect(opened.store.compose('more', '0_clip0002', [{ timelineId: 'one', first: 2, end: 5 }])).rejects.toThrow(
      'any more',
    );
    await opened.store.deleteEntry(entryId);
    expect(opened.store.latest(entryId)).toBeUndefined();
    expect(opened.store.timeline('one')).toMatchObject({ ended: true, segments: [] });
    expect(await storedSequences('one')).toEqual([2, 3]);
    expect(readdirSync(join(opened.directory, 'one'))).toEqual(['0']);
    await reopen();
    const clip = await composed('clip');
    await run('ffmpeg', '-v error -xerror -i pipe:0 -f null -'.split(' '), await trackBytes(clip, 0, 'v0'));
    await opened.store.decompose('clip');
    expect(readdirSync(opened.directory)).toEqual([]);
    expect(await opened.database.selectFrom('timelines').select('id').execute()).toEqual([]);
  });

  it('outlives the entry it came from while that is on air', async () => {
    const writer = await write('one');
    await broadcast(writer, 0, 4);
    await opened.store.compose('rec', '0_record01', [{ timelineId: 'one', first: 1, end: null }]);
    const recording = await composed('rec');
    await opened.store.deleteEntry(entryId);
    expect(recording.ended).toBe(true);
    expect(sequences(recording)).toEqual([1, 2, 3]);
    expect(await storedSequences('one')).toEqual([1, 2, 3]);
    await expect(write('one')).rejects.toThrow('has ended');
    await reopen();
    expect(await composed('rec')).toMatchObject({ ended: true, id: 'one' });
    expect(sequences(await composed('rec'))).toEqual([1, 2, 3]);
    await broadcast(await write('next'), 0, 1);
    expect(opened.store.latest(entryId)?.id).toBe('next');
  });

  it('keeps what has left every window for as long as it is named, and is numbered above afterwards', async () => {
    await ended('one', 3);
    await opened.store.compose('rec', '0_record01', [whole('one')]);
    nowMs += 24 * 3600_000;
    await expect.poll(() => opened.store.timeline('one')?.segments).toEqual([]);
    nowMs += 60_000;
    await expect.poll(() => opened.store.latest(entryId)).toBeUndefined();
    expect(await storedSequences('one')).toEqual([0, 1, 2]);
    await reopen();
    expect(sequences(await composed('rec'))).toEqual([0, 1, 2]);
    const second = await write('two', 7200, entryId, nowMs);
    await broadcast(second, 0, 1);
    expect(second.timeline.segments).toMatchObject([{ sequence: 3, period: 1 }]);
    await opened.store.compose('rec', '0_record01', [whole('one'), whole('two')]);
    expect(sequences(await composed('rec'))).toEqual([0, 1, 2, 3]);
  });

  it('deletes what replaced ranges held and nothing else names', async () => {
    await ended('one', 6);
    await opened.store.compose('rec', '0_record01', [whole('one')]);
    await opened.store.compose('rec:original', '0_record01', [whole('one')]);
    await opened.store.deleteEntry(entryId);
    await opened.store.compose('rec', '0_record01', [{ timelineId: 'one', first: 2, end: 5 }]);
    expect(await storedSequences('one')).toHaveLength(6);
    await opened.store.decompose('rec:original');
    expect(await storedSequences('one')).toEqual([2, 3, 4]);
    expect(existsSync(join(opened.directory, 'one/0/v0/1.m4s'))).toBe(false);
  });

  it('finishes at the next start what it was deleting', async () => {
    await ended('one', 5);
    await opened.store.compose('clip', '0_clip0001', [{ timelineId: 'one', first: 2, end: 3 }]);
    await opened.store.close();
    await opened.database.updateTable('timelines').set({ retired: 1, settled: 1 }).execute();
    await opened.database.destroy();
    await open();
    await expect.poll(() => storedSequences('one')).toEqual([2]);
    expect(readdirSync(join(opened.directory, 'one/0/a0')).toSorted()).toEqual(['2.m4s', 'init.mp4']);
  });

  it('takes the rows of what has been at rest at their word, and looks at the files of all else', async () => {
    const timeline = await ended('one', 3);
    await opened.store.compose('rec', '0_record01', [whole('one')]);
    await rm(join(opened.directory, 'one/0/a0/1.m4s'));
    await reopen();
    expect(Object.keys((await composed('rec')).segments[1]!.tracks)).toEqual(['v0']);
    const settled = async () => {
      nowMs += 15_000;
      const [row] = await opened.database.selectFrom('timelines').select('settled').execute();
      return row?.settled;
    };
    expect(await settled()).toBe(0);
    await expect.poll(settled, { timeout: 5000 }).toBe(1);
    await rm(join(opened.directory, 'one/0/a0/2.m4s'));
    await reopen();
    expect(opened.store.timeline('one')!.segments[2]).toEqual(timeline.segments[2]);
  });

  it('tells how much it holds, and how much of that others hold, too', async () => {
    const writer = await write('one');
    await broadcast(writer, 0, 4);
    const sizes = writer.timeline.segments.map(({ tracks }) => tracks['v0']!.bytes + tracks['a0']!.bytes);
    const sum = (from: number, end: number) => sizes.slice(from, end).reduce((total, size) => total + size, 0);
    await opened.store.compose('rec', '0_record01', [{ timelineId: 'one', first: 1, end: null }]);
    await opened.store.compose('clip', '0_clip0001', [
      { timelineId: 'one', first: 0, end: 2 },
      { timelineId: 'one', first: 1, end: 2 },
    ]);
    const { store } = opened;
    expect(await store.usage(entryId)).toEqual({ bytes: sum(0, 4), sharedBytes: sum(0, 4) });
    expect(await store.usage('0_record01')).toEqual({ bytes: sum(1, 4), sharedBytes: sum(1, 4) });
    await store.deleteEntry(entryId);
    expect(await store.usage(entryId)).toEqual({ bytes: 0, sharedBytes: 0 });
    expect(await store.usage('0_record01')).toEqual({ bytes: sum(1, 4), sharedBytes: sum(1, 2) });
    expect(await store.usage('clip')).toEqual({ bytes: sum(0, 2), sharedBytes: sum(1, 2) });
  });
});
