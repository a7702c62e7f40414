import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCmaf, run, type MadeTrack } from './cmaf.fixture.ts';
import { startPeriod as startMade, trackBytes, writeSegments as writeMade } from './madeBroadcast.fixture.ts';
import { makeDirectory, openStore, removeDirectory, type OpenedStore } from './openedStore.fixture.ts';
import type { PeriodWriter, TimelineWriter } from './segmentStore.ts';
import type { TimelineReader } from './timelineReader.ts';

let made: { v0: MadeTrack; a0: MadeTrack };
let root: string;
let opened: OpenedStore;
let nowMs = 1_700_000_000_000;
const epochMs = nowMs;
const entryId = '0_entry001';
const now = () => nowMs;

beforeAll(async () => {
  made = await makeCmaf(8);
});

beforeEach(async () => {
  nowMs = epochMs;
  root = await makeDirectory();
  opened = await openStore(root, { now, evictionIntervalMs: 5 });
});

afterEach(async () => {
  await opened.close();
  await removeDirectory(root);
});

async function reopen(): Promise<void> {
  await opened.close();
  opened = await openStore(root, { now, evictionIntervalMs: 5 });
}

const write = (id: string, windowSeconds = 7200, entry = entryId) =>
  opened.store.write({ id, entryId: entry, epochMs, windowSeconds });

const startPeriod = (writer: TimelineWriter, startMs = writer.nextStartMs(nowMs)) => startMade(made, writer, startMs);

const writeSegments = (period: PeriodWriter, startMs: number, count: number) =>
  writeMade(made, period, startMs, count, epochMs);

const sequences = (timeline: TimelineReader) => timeline.segments.map(({ sequence }) => sequence);

describe('the segment store', () => {
  it('stores what ffmpeg made so that ffmpeg decodes every frame of it', async () => {
    const writer = await write('one');
    await writeSegments(await startPeriod(writer), 0, 4);
    const { timeline } = writer;
    expect(timeline.segments.map(({ startMs, durationMs }) => [startMs, durationMs])).toEqual([
      [0, 2000],
      [2000, 2000],
      [4000, 2000],
      [6000, 2000],
    ]);
    expect(timeline).toMatchObject({ targetDurationSeconds: 2, ended: false, discontinuitySequence: 0, epochMs });
    expect(timeline.periods).toMatchObject([{ index: 0, startMs: 0, tracks: [{ id: 'v0' }, { id: 'a0' }] }]);
    expect(Object.keys(timeline.periods[0]!.tracks[0]!)).not.toContain('init');
    for (const id of ['v0', 'a0']) {
      const bytes = await trackBytes(timeline, 0, id);
      const frames = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', 'pipe:0', '-f', 'framecrc', '-'], bytes);
      const packets = frames
        .toString()
        .split('\n')
        .filter((line) => /^\d/.test(line));
      expect(packets.length).toBe(id === 'v0' ? 160 : Math.ceil((8 * 48_000) / 1024) + 1);
    }
  });

  it('says where each fragment lies in the file', async () => {
    const writer = await write('one');
    await writeSegments(await startPeriod(writer), 0, 1);
    const { fragments } = writer.timeline.segments[0]!.tracks['v0']!;
    expect(fragments.map(({ independent }) => independent)).toEqual([true, false, false, false]);
    const bytes = await writer.timeline.media(0, 'v0')!.buffer();
    for (const [index, fragment] of fragments.entries())
      expect(
        bytes.subarray(fragment.offset, fragment.offset + fragment.bytes).equals(made.v0.fragments[index]!.data),
      ).toBe(true);
  });

  it('serves ranges, both ends included, and refuses those outside the file', async () => {
    const writer = await write('one');
    await writeSegments(await startPeriod(writer), 0, 1);
    const media = writer.timeline.media(0, 'v0')!;
    const whole = await media.buffer();
    expect(whole.length).toBe(media.length);
    expect(await text(media.stream({ start: 4, end: 7 }))).toBe(whole.subarray(4, 8).toString());
    const parts: Buffer[] = [];
    for await (const part of media.stream()) parts.push(part as Buffer);
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    for (const range of [
      { start: -1, end: 2 },
      { start: 3, end: 2 },
      { start: 0, end: whole.length },
      { start: 0.5, end: 2 },
    ])
      expect(() => media.stream(range)).toThrow(RangeError);
    expect(writer.timeline.media(0, 'constructor')).toBeUndefined();
    expect(writer.timeline.media(1, 'v0')).toBeUndefined();
    expect(writer.timeline.init(0, '../v0')).toBeUndefined();
    expect(writer.timeline.init(1, 'v0')).toBeUndefined();
  });

  it('shows a segment only when it is complete, stored and indexed', async () => {
    const writer = await write('one');
    const period = await startPeriod(writer);
    const segment = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    for (const fragment of made.v0.fragments.slice(0, 4)) segment.append('v0', fragment);
    const seen: boolean[] = [];
    writer.timeline.onChanged(() => {
      const file = join(opened.directory, 'one/0/v0/0.m4s');
      seen.push(existsSync(file) && writer.timeline.media(0, 'v0') !== undefined);
    });
    expect(writer.timeline.segments).toEqual([]);
    const { version } = writer.timeline;
    await segment.complete();
    expect(seen).toEqual([true]);
    expect(writer.timeline.version).toBeGreaterThan(version);
    const rows = await opened.database.selectFrom('segments').select('sequence').execute();
    expect(rows).toEqual([{ sequence: 0 }]);
  });

  it('publishes in order although a later segment is written first', async () => {
    const writer = await write('one');
    const period = await startPeriod(writer);
    const first = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    const second = period.openSegment({ startMs: 2000, wallClockMs: epochMs + 2000 });
    expect([first.sequence, second.sequence]).toEqual([0, 1]);
    second.append('a0', made.a0.fragments[4]!);
    for (const fragment of made.a0.fragments.slice(0, 4)) first.append('a0', fragment);
    await Promise.all([first.complete(), second.complete()]);
    expect(writer.timeline.segments.map(({ sequence, startMs }) => [sequence, startMs])).toEqual([
      [0, 0],
      [1, 2000],
    ]);
  });

  it('leaves no hole where a segment stayed empty', async () => {
    const writer = await write('one');
    const period = await startPeriod(writer);
    const empty = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    const full = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    full.append('v0', made.v0.fragments[0]!);
    await empty.complete();
    await full.complete();
    expect(sequences(writer.timeline)).toEqual([0]);
    expect(full.sequence).toBe(0);
    expect((await writer.timeline.media(0, 'v0')!.buffer()).equals(made.v0.fragments[0]!.data)).toBe(true);
    await reopen();
    expect(opened.store.timeline('one')!.media(0, 'v0')).toBeDefined();
  });

  it('goes on where it was after a restart, with a new period and the same epoch', async () => {
    const before = await write('one');
    await writeSegments(await startPeriod(before), 0, 3);
    const { version } = before.timeline;
    nowMs += 10_000;
    await reopen();
    const writer = await write('one');
    expect(writer.timeline.segments).toEqual(before.timeline.segments);
    expect(writer.timeline.version).toBeGreaterThan(version);
    expect(writer.nextStartMs(nowMs)).toBe(10_000);
    await writeSegments(await startPeriod(writer), 10_000, 2);
    expect(sequences(writer.timeline)).toEqual([0, 1, 2, 3, 4]);
    expect(writer.timeline.periods.map(({ index, startMs }) => [index, startMs])).toEqual([
      [0, 0],
      [1, 10_000],
    ]);
    expect(opened.store.latest(entryId)).toBe(writer.timeline);
  });

  it('lets a new timeline of an entry start above the earlier ones, even when those are gone', async () => {
    const first = await write('one');
    await writeSegments(await startPeriod(first), 0, 3);
    await first.end();
    const second = await write('two', 10);
    expect(opened.store.latest(entryId)?.id).toBe('two');
    expect(second.timeline.discontinuitySequence).toBe(1);
    await writeSegments(await startPeriod(second), 0, 1);
    expect(second.timeline.segments).toMatchObject([{ sequence: 3, period: 1 }]);
    await second.end();
    nowMs += 3 * 3600_000;
    await expect.poll(() => opened.store.timeline('two')?.segments.length).toBe(0);
    nowMs += 3600_000;
    await expect.poll(() => opened.store.latest(entryId)).toBeUndefined();
    await expect.poll(() => readdirSync(opened.directory)).toEqual([]);
    await reopen();
    const third = await write('three');
    await writeSegments(await startPeriod(third), 0, 1);
    expect(third.timeline.segments).toMatchObject([{ sequence: 4, period: 2 }]);
  });

  it('does not fall back to an older timeline when a newer one has been dropped', async () => {
    const first = await write('one', 0);
    await writeSegments(await startPeriod(first), 0, 2);
    await first.end();
    const second = await write('two', 10);
    await writeSegments(await startPeriod(second), 0, 1);
    await second.end();
    nowMs += 3600_000;
    await expect.poll(() => opened.store.timeline('two')?.segments.length).toBe(0);
    nowMs += 3600_000;
    await expect.poll(() => opened.store.timeline('two')).toBeUndefined();
    expect(opened.store.latest(entryId)).toBeUndefined();
    await reopen();
    expect(opened.store.latest(entryId)).toBeUndefined();
    expect(opened.store.timeline('one')?.segments).toHaveLength(2);
  });

  it('ends an older timeline that nobody writes to when a newer one begins', async () => {
    const first = await write('one');
    await writeSegments(await startPeriod(first), 0, 1);
    await reopen();
    await write('two');
    expect(opened.store.timeline('one')?.ended).toBe(true);
    await expect(write('one')).rejects.toThrow('has ended');
  });

  it('stores what is complete of open segments at the end, once', async () => {
    const writer = await write('one');
    const period = await startPeriod(writer);
    const segment = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    segment.append('v0', made.v0.fragments[0]!);
    await writer.end();
    await writer.end();
    expect(writer.timeline).toMatchObject({ ended: true, segments: [{ sequence: 0, durationMs: 500 }] });
    segment.append('v0', made.v0.fragments[1]!);
  });

  it('refuses a fragment for a complete segment or for a track that is not there', async () => {
    const writer = await write('one');
    const period = await startPeriod(writer);
    const segment = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    expect(() => segment.append('v9', made.v0.fragments[0]!)).toThrow('v9');
    segment.append('v0', made.v0.fragments[0]!);
    await segment.complete();
    expect(() => segment.append('v0', made.v0.fragments[1]!)).toThrow('complete');
  });

  it('hands a timeline over to a second writer and ignores the first from then on', async () => {
    const first = await write('one');
    const old = await startPeriod(first);
    const open = old.openSegment({ startMs: 0, wallClockMs: epochMs });
    open.append('v0', made.v0.fragments[0]!);
    const second = await write('one');
    expect(sequences(second.timeline)).toEqual([0]);
    await writeSegments(old, 2000, 1);
    await first.end();
    expect(second.timeline.ended).toBe(false);
    await writeSegments(await startPeriod(second, 2000), 2000, 1);
    expect(second.timeline.segments.map(({ period }) => period)).toEqual([0, 1]);
  });

  it('deletes an entry with all its files and rows while it is being written and read', async () => {
    const writer = await write('one');
    const other = await write('other', 0, '0_entry002');
    await writeSegments(await startPeriod(other), 0, 1);
    const period = await startPeriod(writer);
    await writeSegments(period, 0, 3);
    const held = writer.timeline.media(0, 'v0')!;
    const open = period.openSegment({ startMs: 6000, wallClockMs: epochMs });
    open.append('v0', made.v0.fragments[12]!);
    const completing = open.complete();
    await opened.store.deleteEntry(entryId);
    await completing;
    await open.complete();
    open.append('v0', made.v0.fragments[13]!);
    await writeSegments(period, 8000, 1);
    await (await startPeriod(writer)).openSegment({ startMs: 0, wallClockMs: 0 }).complete();
    writer.setWindow(10);
    await writer.end();
    expect(opened.store.latest(entryId)).toBeUndefined();
    expect(opened.store.timeline('one')).toBeUndefined();
    expect(readdirSync(opened.directory)).toEqual(['other']);
    expect(await opened.database.selectFrom('segments').select('timeline_id').execute()).toEqual([
      { timeline_id: 'other' },
    ]);
    expect(await opened.database.selectFrom('timelines').select('id').execute()).toEqual([{ id: 'other' }]);
    expect(await opened.database.selectFrom('periods').select('timeline_id').execute()).toEqual([
      { timeline_id: 'other' },
    ]);
    await expect(held.buffer()).rejects.toThrow('ENOENT');
    await expect(text(held.stream())).rejects.toThrow('ENOENT');
  });

  it('frees the files of what has left the window, after its grace', async () => {
    const writer = await write('one', 10);
    const first = await startPeriod(writer);
    await writeSegments(first, 0, 4);
    await writeSegments(await startPeriod(writer, 8000), 8000, 8);
    expect(sequences(writer.timeline)).toEqual([7, 8, 9, 10, 11]);
    expect(writer.timeline.discontinuitySequence).toBe(1);
    expect((await writer.timeline.media(0, 'v0')!.buffer()).length).toBeGreaterThan(0);
    nowMs += 60_000;
    await expect.poll(() => readdirSync(join(opened.directory, 'one'))).toEqual(['1']);
    const files = ['7.m4s', '8.m4s', '9.m4s', '10.m4s', '11.m4s', 'init.mp4'].toSorted();
    expect(readdirSync(join(opened.directory, 'one/1/v0')).toSorted()).toEqual(files);
    expect(readdirSync(join(opened.directory, 'one/1/a0')).toSorted()).toEqual(files);
    expect(writer.timeline.segment(6)).toBeUndefined();
    expect(writer.timeline.media(6, 'v0')).toBeUndefined();
    expect(await opened.database.selectFrom('segments').select('sequence').execute()).toHaveLength(5);
    const periodRows = () => opened.database.selectFrom('periods').select('folder').execute();
    await expect.poll(periodRows).toEqual([{ folder: 1 }]);
  });

  it('keeps an edge it has shown over a restart', async () => {
    const writer = await write('one', 7200);
    await writeSegments(await startPeriod(writer), 0, 8);
    writer.setWindow(6);
    expect(sequences(writer.timeline)).toEqual([5, 6, 7]);
    writer.setWindow(7200);
    await reopen();
    expect(sequences(opened.store.timeline('one')!)).toEqual([5, 6, 7]);
    expect(opened.store.timeline('one')!.windowSeconds).toBe(7200);
    expect(opened.store.timeline('one')!.media(0, 'v0')).toBeDefined();
  });

  it.each(['../one', 'a/b', '', '.', 'x'.repeat(101)])('refuses the timeline id %j', async (id) => {
    await expect(write(id)).rejects.toThrow('id');
    expect(await opened.database.selectFrom('timelines').select('id').execute()).toEqual([]);
  });

  it('refuses tracks whose ids are not names', async () => {
    const writer = await write('one');
    for (const id of ['../v0', 'V0', ''])
      await expect(writer.startPeriod({ startMs: 0, tracks: [{ ...made.v0.track, id }] })).rejects.toThrow('id');
    await expect(writer.startPeriod({ startMs: 0, tracks: [] })).rejects.toThrow('tracks');
  });

  it('leaves no file open after a thousand reads, aborted ones included', async () => {
    const writer = await write('one');
    await writeSegments(await startPeriod(writer), 0, 1);
    const media = writer.timeline.media(0, 'v0')!;
    for (let round = 0; round < 250; round++) {
      await media.buffer();
      await text(media.stream({ start: 0, end: 100 }));
      media.stream();
      const aborted = media.stream();
      if (round % 2 === 0) aborted.once('data', () => aborted.destroy());
      else {
        aborted.resume();
        aborted.destroy();
      }
      await new Promise((closed) => aborted.once('close', closed));
    }
    await expect.poll(() => openFiles(opened.directory)).toEqual([]);
  });

  it('waits at its close for what is queued, and closes twice', async () => {
    const writer = await write('one');
    const period = await startPeriod(writer);
    const segment = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    for (const fragment of made.v0.fragments.slice(0, 4)) segment.append('v0', fragment);
    await opened.store.close();
    await opened.store.close();
    const expected = Buffer.concat(made.v0.fragments.slice(0, 4).map(({ data }) => data));
    expect((await readFile(join(opened.directory, 'one/0/v0/0.m4s'))).equals(expected)).toBe(true);
    await expect(write('two')).rejects.toThrow('closed');
  });

  it('keeps media of which the index is lost, and does not touch what is not its own', async () => {
    await writeSegments(await startPeriod(await write('one')), 0, 1);
    const media = await readFile(join(opened.directory, 'one/0/v0/0.m4s'));
    await writeFile(join(opened.directory, 'notes.txt'), 'not the store’s');
    await mkdir(join(opened.directory, 'empty/0/v0'), { recursive: true });
    for (const kept of ['one', 'one.2']) {
      await opened.close();
      await rm(join(root, 'index.db'));
      opened = await openStore(root);
      expect(readdirSync(opened.directory).toSorted()).toEqual(['notes.txt', 'unknown']);
      expect((await readFile(join(opened.directory, 'unknown', kept, '0/v0/0.m4s'))).equals(media)).toBe(true);
      // The same name again must not take the place of what is kept.
      await writeSegments(await startPeriod(await write('one')), 0, 1);
    }
    expect(readdirSync(join(opened.directory, 'unknown')).toSorted()).toEqual(['one', 'one.2']);
  });
});

function openFiles(directory: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(directory) ? [path] : [];
    } catch {
      return [];
    }
  });
}
