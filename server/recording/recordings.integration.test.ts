import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Entries, type StoredEntry } from '../catalog/entries.ts';
import { catalogMigrations, type CatalogTables } from '../catalog/migrations.ts';
import { StoredRecordings } from '../catalog/recordings.ts';
import { openDatabase } from '../database.ts';
import { createLog } from '../log.ts';
import type { AudioTrack } from '../media/track.ts';
import { createSegmentStore } from '../segments/createSegmentStore.ts';
import { segmentMigrations } from '../segments/segmentMigrations.ts';
import type { PeriodWriter, TimelineWriter } from '../segments/segmentStore.ts';
import type { SegmentTables } from '../segments/segmentTables.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { Playback } from './playback.ts';
import { Recordings } from './recordings.ts';

const log = createLog('silent', false);
const track: AudioTrack & { init: Uint8Array } = {
  id: 'a0',
  kind: 'audio',
  codec: 'mp4a.40.2',
  timescale: 1000,
  bitrateBps: 128_000,
  sampleRate: 48_000,
  channels: 2,
  init: new Uint8Array([1, 2, 3]),
};
const segmentMs = 2000;
const windowSeconds = 30;
const listener = { happened: () => undefined };

describe('recordings in the store', () => {
  let directory: string;
  let server: Awaited<ReturnType<typeof start>>;
  let live: StoredEntry;
  let broadcasts = 0;

  async function start() {
    const database = await openDatabase<CatalogTables & SegmentTables>(join(directory, 'test.db'), {
      ...catalogMigrations,
      ...segmentMigrations,
    });
    const now = () => Date.now();
    const entries = new Entries(database, { now });
    const store = await createSegmentStore({ directory: join(directory, 'media'), database, log, now });
    const rows = new StoredRecordings(database);
    const recordings = await Recordings.open({ entries, rows, store, now, log });
    const stop = async () => {
      await store.close();
      await database.destroy();
    };
    return { entries, store, recordings, playback: new Playback(store, recordings), stop };
  }

  const createLive = (recording: 'append' | 'perSession' | 'off') =>
    server.entries.create({ type: 'live', name: 'Morning show', recording });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tallylight-recordings-'));
    server = await start();
    live = await createLive('append');
  });
  afterEach(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** A broadcast that is being recorded, on its way. */
  async function begin(
    id = `b_${++broadcasts}`,
  ): Promise<{ writer: TimelineWriter; add: (count: number) => Promise<void> }> {
    const epochMs = Date.now();
    const writer = await server.store.write({ id, entryId: live.id, epochMs, windowSeconds });
    await server.recordings.start(live.id, writer.timeline, listener);
    let period: PeriodWriter | undefined;
    let startMs = (writer.timeline.segments.at(-1)?.startMs ?? -segmentMs) + segmentMs;
    return {
      writer,
      add: async (count) => {
        period ??= await writer.startPeriod({ startMs, tracks: [track] });
        for (let index = 0; index < count; index++, startMs += segmentMs) {
          const segment = period.openSegment({ startMs, wallClockMs: epochMs + startMs });
          const data = new TextEncoder().encode(`${id} ${startMs}`);
          segment.append('a0', { startTicks: startMs, durationTicks: segmentMs, independent: true, data });
          await segment.complete();
        }
      },
    };
  }

  async function end(writer: TimelineWriter): Promise<void> {
    await writer.end();
    await server.recordings.finish(live.id);
    await writer.close();
  }

  async function broadcast(segments: number): Promise<void> {
    const { writer, add } = await begin();
    await add(segments);
    await end(writer);
  }

  async function playing(entryId: string): Promise<TimelineReader> {
    const timeline = await server.playback.playing(entryId);
    if (!timeline) throw new Error('nothing plays');
    return timeline;
  }

  const recorded = async () => (await server.entries.list({ sourceId: live.id, sort: 'createdAt' })).items;

  /** What is in the media that an entry plays, segment by segment. */
  async function contents(entryId: string): Promise<string[]> {
    const timeline = await playing(entryId);
    return await Promise.all(
      timeline.segments.map(async ({ sequence }) => String(await timeline.media(sequence, 'a0')?.buffer())),
    );
  }

  it('keep what has long left the window, from the first segment to the last', async () => {
    const { writer, add } = await begin();
    await add(40);
    expect(writer.timeline.segments.length).toBeLessThan(20);
    expect(await playing(live.id)).toBe(writer.timeline);
    await end(writer);
    const shown = await playing(live.id);
    expect(shown.ended).toBe(true);
    expect(shown.segments).toHaveLength(40);
    expect((await contents(live.id))[0]).toContain(`${writer.timeline.id} 0`);
    const [recording] = await recorded();
    expect(recording?.video).toMatchObject({ status: 'ready', durationMs: 40 * segmentMs });
    expect(await contents(recording!.id)).toEqual(await contents(live.id));
    expect(server.playback.recorded(live.id)).toEqual({ entryId: recording!.id, active: false, notice: null });
  });

  it('play at the live entry’s address until it is live again, with what came before', async () => {
    await broadcast(3);
    const { writer, add } = await begin();
    // A publisher is there, its first segment is not.
    expect((await playing(live.id)).segments).toHaveLength(3);
    await add(2);
    expect(await playing(live.id)).toBe(writer.timeline);
    // Who was watching the recording still finds its media.
    expect((await server.playback.former(live.id)).some(({ segments }) => segments.length === 5)).toBe(true);
    await end(writer);
    expect((await playing(live.id)).segments).toHaveLength(5);
    expect(await recorded()).toHaveLength(1);
  });

  it('do not play in place of a broadcast that was not recorded', async () => {
    await broadcast(3);
    await server.entries.update(live.id, { recording: 'off' });
    const { writer, add } = await begin();
    await add(2);
    await end(writer);
    expect((await playing(live.id)).segments).toHaveLength(2);
    expect(server.playback.recorded(live.id)).toBeNull();
  });

  it('outlive what they were recorded of', async () => {
    await broadcast(20);
    const [recording] = await recorded();
    const before = await contents(recording!.id);
    await server.store.deleteEntry(live.id);
    await server.recordings.forget(live.id);
    await server.entries.delete(live.id);
    expect(await contents(recording!.id)).toEqual(before);
    expect(await server.playback.playing(live.id)).toBeUndefined();
    await server.stop();
    server = await start();
    expect(await contents(recording!.id)).toEqual(before);
    expect(await server.playback.playing(live.id)).toBeUndefined();
    expect((await server.store.usage(recording!.id)).bytes).toBeGreaterThan(0);
    await server.recordings.forget(recording!.id);
    expect(await server.playback.playing(recording!.id)).toBeUndefined();
    expect((await server.store.usage(recording!.id)).bytes).toBe(0);
  });

  it('go on in the same entry when a broadcast does after a restart', async () => {
    await broadcast(2);
    const first = await begin('b_restarted');
    await first.add(3);
    await server.recordings.pause(live.id);
    await first.writer.close();
    await server.stop();

    server = await start();
    const second = await begin('b_restarted');
    await server.recordings.settle();
    expect((await recorded())[0]?.video?.status).toBe('recording');
    await second.add(2);
    await end(second.writer);
    const all = await recorded();
    expect(all).toHaveLength(1);
    expect(all[0]?.video).toMatchObject({ status: 'ready', durationMs: expect.any(Number) });
    expect((await playing(all[0]!.id)).segments).toHaveLength(7);
  });

  it.each(['append', 'perSession'] as const)('leave out what came while the disk was full (%s)', async (mode) => {
    live = await createLive(mode);
    if (mode === 'append') await broadcast(1);
    const first = await begin('b_crossing');
    await first.add(3);
    await server.recordings.stopAll('The disk is nearly full.');
    await first.add(20);
    await server.recordings.goOnAll('The disk has room again');
    await first.add(2);
    await server.recordings.pause(live.id);
    await first.writer.close();
    await server.stop();

    server = await start();
    const second = await begin('b_crossing');
    await server.recordings.settle();
    await second.add(1);
    await end(second.writer);
    const all = await recorded();
    expect(all).toMatchObject([{ video: { status: 'ready', failure: null } }]);
    const before = mode === 'append' ? 1 : 0;
    const held = async () => {
      const timeline = await playing(all[0]!.id);
      const ranges = server.store.rangesOf(timeline, 0, Infinity).slice(before);
      return ranges.map(({ timelineId, first, end }) => [timelineId, first - before, (end ?? NaN) - before]);
    };
    const both = [
      ['b_crossing', 0, 3],
      ['b_crossing', 23, 26],
    ];
    expect(await held()).toEqual(both);
    await server.store.deleteEntry(live.id);
    expect(await held()).toEqual(both);
    expect((await playing(all[0]!.id)).segments).toHaveLength(6 + before);
  });

  it('are complete after a restart when their broadcast does not go on', async () => {
    const { writer, add } = await begin();
    await add(3);
    await server.recordings.pause(live.id);
    await writer.end();
    await writer.close();
    await server.stop();
    server = await start();
    await server.recordings.settle();
    const [recording] = await recorded();
    expect(recording?.video).toMatchObject({ status: 'ready', durationMs: 3 * segmentMs });
    expect((await playing(live.id)).ended).toBe(true);
    expect(await contents(live.id)).toHaveLength(3);
  });
});
