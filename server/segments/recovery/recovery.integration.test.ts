import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCmaf, run, type MadeTrack } from '../cmaf.fixture.ts';
import { makeDirectory, openStore, removeDirectory, type OpenedStore } from '../openedStore.fixture.ts';
import type { SegmentWriter, TimelineWriter } from '../segmentStore.ts';
import type { TimelineReader } from '../timelineReader.ts';

const epochMs = 1_700_000_000_000;
let made: { v0: MadeTrack; a0: MadeTrack };
let root: string;
let crashed: OpenedStore | undefined;
let recovered: OpenedStore | undefined;

beforeAll(async () => {
  made = await makeCmaf(8);
});

beforeEach(async () => {
  root = await makeDirectory();
});

afterEach(async () => {
  await recovered?.close();
  await crashed?.close();
  recovered = crashed = undefined;
  await removeDirectory(root);
});

function append(segment: SegmentWriter, from: number, count: number): void {
  for (const { track, fragments } of [made.v0, made.a0])
    for (const fragment of fragments.slice(from, from + count)) segment.append(track.id, fragment);
}

/** Two whole segments and an open one with three fragments per track, all in their files. */
async function writeUntilCrash(): Promise<TimelineWriter> {
  crashed = await openStore(join(root, 'crashed'));
  const writer = await crashed.store.write({ id: 'one', entryId: '0_entry001', epochMs, windowSeconds: 0 });
  const period = await writer.startPeriod({ startMs: 0, tracks: [made.v0.track, made.a0.track] });
  for (const index of [0, 1]) {
    const segment = period.openSegment({ startMs: index * 2000, wallClockMs: epochMs + 70 + index * 2000 });
    append(segment, index * 4, 4);
    await segment.complete();
  }
  append(period.openSegment({ startMs: 4000, wallClockMs: epochMs + 4070 }), 8, 3);
  for (const { track, fragments } of [made.v0, made.a0]) {
    const bytes = fragments.slice(8, 11).reduce((sum, { data }) => sum + data.length, 0);
    const path = join(crashed.directory, 'one/0', track.id, '2.m4s');
    await expect
      .poll(() =>
        stat(path).then(
          ({ size }) => size,
          () => 0,
        ),
      )
      .toBe(bytes);
  }
  return writer;
}

/** What a killed process leaves behind, changed by `damage` (given the timeline's folder), and opened again. */
async function recover(damage: (folder: string) => Promise<void> = async () => {}): Promise<TimelineReader> {
  const image = join(root, 'image');
  await cp(join(root, 'crashed'), image, { recursive: true });
  await damage(join(image, 'media/one'));
  recovered = await openStore(image);
  return recovered.store.timeline('one')!;
}

/** Opens the recovered store once more, as the next start does. */
async function reopen(damage: (folder: string) => Promise<void> = async () => {}): Promise<TimelineReader> {
  const image = join(recovered!.directory, '..');
  await recovered!.close();
  await damage(join(image, 'media/one'));
  recovered = await openStore(image);
  return recovered.store.timeline('one')!;
}

const shape = (timeline: TimelineReader) =>
  timeline.segments.map(({ sequence, tracks }) => [
    sequence,
    Object.fromEntries(Object.entries(tracks).map(([id, { fragments }]) => [id, fragments.length])),
  ]);

async function decode(timeline: TimelineReader, trackId: string): Promise<void> {
  const parts = [await timeline.init(0, trackId)!.buffer()];
  for (const { sequence, tracks } of timeline.segments)
    if (tracks[trackId]) parts.push(await timeline.media(sequence, trackId)!.buffer());
  await run('ffmpeg', '-v error -xerror -i pipe:0 -f null -'.split(' '), Buffer.concat(parts));
}

describe('recovery of a timeline', () => {
  it('indexes the segment that was being written and goes on after it', async () => {
    const before = await writeUntilCrash();
    const timeline = await recover();
    expect(shape(timeline)).toEqual([
      [0, { v0: 4, a0: 4 }],
      [1, { v0: 4, a0: 4 }],
      [2, { v0: 3, a0: 3 }],
    ]);
    expect(timeline.segments.slice(0, 2)).toEqual(before.timeline.segments);
    expect(timeline.segments[2]).toMatchObject({
      period: 0,
      startMs: 4000,
      durationMs: 1500,
      wallClockMs: epochMs + 4070,
    });
    await decode(timeline, 'v0');
    await decode(timeline, 'a0');
    expect((await reopen()).segments).toEqual(timeline.segments);
  });

  it('cuts off a fragment that was only partly written', async () => {
    await writeUntilCrash();
    let path = '';
    const timeline = await recover(async (folder) => {
      path = join(folder, '0/v0/2.m4s');
      await appendFile(path, made.v0.fragments[11]!.data.subarray(0, -5));
    });
    expect(shape(timeline)[2]).toEqual([2, { v0: 3, a0: 3 }]);
    expect((await stat(path)).size).toBe(timeline.segments[2]!.tracks['v0']!.bytes);
    await decode(timeline, 'v0');
  });

  it('drops a track whose file is gone, and keeps a segment that lost all of them as a gap', async () => {
    await writeUntilCrash();
    const timeline = await recover(async (folder) => {
      await rm(join(folder, '0/v0/1.m4s'));
    });
    expect(shape(timeline)[1]).toEqual([1, { a0: 4 }]);
    expect(timeline.media(1, 'v0')).toBeUndefined();
    const gap = await reopen((folder) => rm(join(folder, '0/a0/1.m4s')));
    expect(shape(gap)).toEqual([
      [0, { v0: 4, a0: 4 }],
      [1, {}],
      [2, { v0: 3, a0: 3 }],
    ]);
  });

  it('drops gaps from the old end', async () => {
    await writeUntilCrash();
    const timeline = await recover(async (folder) => {
      for (const id of ['v0', 'a0']) await rm(join(folder, '0', id, '0.m4s'));
    });
    expect(shape(timeline).map(([sequence]) => sequence)).toEqual([1, 2]);
    expect(shape(await reopen()).map(([sequence]) => sequence)).toEqual([1, 2]);
    expect(timeline.segment(0)).toBeUndefined();
  });

  it('keeps the whole fragments of a file that was cut short', async () => {
    await writeUntilCrash();
    const cut = made.v0.fragments.slice(4, 6).reduce((sum, { data }) => sum + data.length, 0) + 10;
    const timeline = await recover((folder) => truncate(join(folder, '0/v0/1.m4s'), cut));
    expect(shape(timeline)[1]).toEqual([1, { v0: 2, a0: 4 }]);
    expect((await timeline.media(1, 'v0')!.buffer()).length).toBe(cut - 10);
    expect((await reopen()).segments).toEqual(timeline.segments);
  });

  it('drops what cannot be played without a lost init segment', async () => {
    await writeUntilCrash();
    const timeline = await recover((folder) => rm(join(folder, '0/a0/init.mp4')));
    expect(shape(timeline)).toEqual([
      [0, { v0: 4 }],
      [1, { v0: 4 }],
      [2, { v0: 3 }],
    ]);
    expect(timeline.periods[0]!.tracks.map(({ id }) => id)).toEqual(['v0']);
    expect(timeline.init(0, 'a0')).toBeUndefined();
    expect(existsSync(join(recovered!.directory, 'one/0/a0/0.m4s'))).toBe(false);
    expect((await reopen()).segments).toEqual(timeline.segments);
  });

  it('goes on above lost sequences and positions when everything is lost', async () => {
    await writeUntilCrash();
    const timeline = await recover((folder) => rm(folder, { recursive: true }));
    expect(timeline.segments).toEqual([]);
    expect(timeline.discontinuitySequence).toBe(1);
    await reopen();
    const writer = await recovered!.store.write({ id: 'one', entryId: '0_entry001', epochMs, windowSeconds: 0 });
    expect(writer.nextStartMs(epochMs + 9000)).toBe(9000);
    const period = await writer.startPeriod({ startMs: 9000, tracks: [made.v0.track] });
    const segment = period.openSegment({ startMs: 9000, wallClockMs: epochMs + 9000 });
    segment.append('v0', made.v0.fragments[0]!);
    await segment.complete();
    expect(writer.timeline.segments).toMatchObject([{ sequence: 2, period: 1 }]);
  });

  it('deletes files that nothing speaks of', async () => {
    await writeUntilCrash();
    const timeline = await recover(async (folder) => {
      await mkdir(join(folder, '0/v7'));
      await mkdir(join(folder, '9/v0'), { recursive: true });
      await writeFile(join(folder, '9/v0/init.mp4'), 'x');
      await writeFile(join(folder, '0/v0/notes.txt'), 'x');
      await writeFile(join(folder, '0/v0/8.m4s'), 'not a fragment');
      await writeFile(join(folder, 'stray'), 'x');
    });
    const folder = join(recovered!.directory, 'one');
    expect(await readdir(folder)).toEqual(['0']);
    expect((await readdir(join(folder, '0/v0'))).toSorted()).toEqual(['0.m4s', '1.m4s', '2.m4s', 'init.mp4']);
    expect(timeline.segments).toHaveLength(3);
  });

  it('keeps a period that an older index does not have', async () => {
    await writeUntilCrash();
    const timeline = await recover(async (folder) => {
      await mkdir(join(folder, '9/v0'), { recursive: true });
      await writeFile(join(folder, '9/v0/0.m4s'), 'media');
    });
    expect(timeline.segments).toHaveLength(3);
    expect(await readdir(join(recovered!.directory, 'one'))).toEqual(['0']);
    expect(await readFile(join(recovered!.directory, 'unknown/one.period-9/v0/0.m4s'), 'utf8')).toBe('media');
  });

  it('adds nothing to a timeline that has ended', async () => {
    const writer = await writeUntilCrash();
    await writer.end();
    const timeline = await recover(async (folder) => {
      await writeFile(
        join(folder, '0/v0/3.m4s'),
        Buffer.concat(made.v0.fragments.slice(12, 16).map(({ data }) => data)),
      );
    });
    expect(timeline.ended).toBe(true);
    expect(timeline.segments).toHaveLength(3);
    expect(existsSync(join(recovered!.directory, 'one/0/v0/3.m4s'))).toBe(false);
  });

  it('forgets a period that was begun and never had a segment', async () => {
    const writer = await writeUntilCrash();
    await writer.startPeriod({ startMs: 6000, tracks: [made.v0.track] });
    const timeline = await recover();
    expect(timeline.periods.map(({ index }) => index)).toEqual([0]);
    expect(await readdir(join(recovered!.directory, 'one'))).toEqual(['0']);
    expect(await recovered!.database.selectFrom('periods').select('folder').execute()).toEqual([{ folder: 0 }]);
    const init = await readFile(join(recovered!.directory, 'one/0/v0/init.mp4'));
    expect(init.equals(made.v0.track.init)).toBe(true);
  });
});
