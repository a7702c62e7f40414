import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { segmentOf, v0 } from '../packaging/tracks.fixture.ts';
import type { CatalogEntry } from './recordingCatalog.ts';
import { MemoryCatalog, MemoryCompositions } from './recordings.fixture.ts';
import { Recordings } from './recordings.ts';

const liveId = '0_aaaaaaaa';
const segmentMs = 2000;

describe('recordings', () => {
  let catalog: MemoryCatalog;
  let store: MemoryCompositions;
  let nowMs: number;
  let told: string[];
  let hindrance: string | undefined;

  const open = (limitMs?: number) =>
    Recordings.open({
      entries: catalog,
      rows: catalog,
      store,
      hindrance: () => hindrance,
      now: () => nowMs,
      log: pino({ level: 'silent' }),
      ...(limitMs !== undefined && { limitMs }),
    });

  const saveLive = (recording: CatalogEntry['recording']) =>
    catalog.entries.set(liveId, {
      id: liveId,
      name: 'Morning show',
      description: 'News and weather',
      tags: ['news'],
      createdBy: 'ada@example.org',
      profileId: 'cloud',
      recording,
      retentionDays: 30,
      video: null,
    });

  const record = (recordings: Recordings, timeline: MemoryTimeline) =>
    recordings.start(liveId, timeline, { happened: (kind, message) => void told.push(`${kind}: ${message}`) });

  /** What is in the store of each recorded entry, as `broadcast:first-end`. */
  const held = () =>
    Object.fromEntries(
      [...store.ranges].map(([id, ranges]) => [
        id,
        ranges.map(({ timelineId, first, end }) => `${timelineId}:${first}-${end ?? ''}`).join(' '),
      ]),
    );
  const videos = () => [...catalog.entries.values()].filter(({ video }) => video !== null);

  beforeEach(() => {
    catalog = new MemoryCatalog();
    store = new MemoryCompositions();
    nowMs = 1_800_000_000_000;
    told = [];
    hindrance = undefined;
  });

  async function broadcast(recordings: Recordings, id: string, segments: number): Promise<void> {
    const timeline = store.broadcast(id, liveId);
    await record(recordings, timeline);
    addSegments(timeline, segments);
    await recordings.finish(liveId);
  }

  it('are not made of entries that are not to be recorded', async () => {
    saveLive('off');
    const recordings = await open();
    await broadcast(recordings, 'b1', 3);
    expect(videos()).toEqual([]);
    expect(recordings.stateOf(liveId)).toBeUndefined();
  });

  it('begin with the first segment, not with a publisher that never sends', async () => {
    saveLive('append');
    const recordings = await open();
    await broadcast(recordings, 'b1', 0);
    expect(videos()).toEqual([]);
    expect(held()).toEqual({});
  });

  it('are entries of their own that know where they come from', async () => {
    saveLive('perSession');
    const recordings = await open();
    const timeline = store.broadcast('b1', liveId);
    await record(recordings, timeline);
    addSegments(timeline, 2);
    nowMs += 60_000;
    addSegments(timeline, 1);
    await until(() => videos()[0]?.video?.durationMs === 3 * segmentMs);
    expect(videos()[0]?.video).toMatchObject({ status: 'recording' });
    expect(recordings.counts()).toEqual({ active: 1, stopped: 0 });
    expect(recordings.stateOf(liveId)).toEqual({ recording: true, entryId: videos()[0]?.id, notice: null });
    expect(held()).toEqual({ [videos()[0]!.id]: 'b1:0-' });
    await recordings.finish(liveId);
    expect(videos()).toMatchObject([
      {
        name: 'Morning show 1',
        description: 'News and weather',
        tags: ['news'],
        createdBy: 'ada@example.org',
        profileId: 'cloud',
        retentionDays: 30,
        video: { origin: 'recording', status: 'ready', durationMs: 6000, sourceEntryId: liveId, rootEntryId: liveId },
      },
    ]);
    expect(held()).toEqual({ [videos()[0]!.id]: 'b1:0-3' });
    expect(recordings.newestOf(liveId)).toMatchObject({ entryId: videos()[0]!.id, number: 1, open: false });
  });

  it('are numbered where each session has its own', async () => {
    saveLive('perSession');
    const recordings = await open();
    for (const id of ['b1', 'b2', 'b3']) await broadcast(recordings, id, 2);
    expect(videos().map(({ name }) => name)).toEqual(['Morning show 1', 'Morning show 2', 'Morning show 3']);
    expect(Object.values(held())).toEqual(['b1:0-2', 'b2:0-2', 'b3:0-2']);
  });

  it('are continued by the next broadcast where they are appended to, also after a restart', async () => {
    saveLive('append');
    await broadcast(await open(), 'b1', 2);
    await broadcast(await open(), 'b2', 3);
    expect(videos()).toMatchObject([{ name: 'Morning show (recording)', video: { status: 'ready' } }]);
    expect(Object.values(held())).toEqual(['b1:0-2 b2:0-3']);
    expect(told.at(-1)).toBe('recordingStarted: Recording goes on in “Morning show (recording)”.');
  });

  it('begin anew after 24 hours where they are appended to, and say so', async () => {
    saveLive('append');
    const recordings = await open(5 * segmentMs);
    await broadcast(recordings, 'b1', 3);
    await broadcast(recordings, 'b2', 9);
    expect(videos().map(({ name }) => name)).toEqual([
      'Morning show (recording)',
      'Morning show (recording 2)',
      'Morning show (recording 3)',
    ]);
    expect(Object.values(held())).toEqual(['b1:0-3 b2:0-2', 'b2:2-7', 'b2:7-9']);
    expect(videos().every(({ video }) => video?.status === 'ready')).toBe(true);
    expect(told.filter((line) => line.includes('the most there can be in one'))).toHaveLength(2);
  });

  it('stop after 24 hours where each session has its own, with the broadcast going on', async () => {
    saveLive('perSession');
    const recordings = await open(5 * segmentMs);
    const timeline = store.broadcast('b1', liveId);
    await record(recordings, timeline);
    addSegments(timeline, 9);
    await until(() => recordings.stateOf(liveId)?.recording === false);
    expect(recordings.stateOf(liveId)?.notice).toContain('the broadcast goes on without it');
    await recordings.finish(liveId);
    expect(Object.values(held())).toEqual(['b1:0-5']);
    expect(told.at(-1)).toMatch(/^recordingStopped: /);
    await broadcast(recordings, 'b2', 1);
    expect(Object.values(held())).toEqual(['b1:0-5', 'b2:0-1']);
  });

  it('go on in the same entry when a broadcast does after a restart', async () => {
    saveLive('append');
    await broadcast(await open(), 'b1', 2);
    const timeline = store.broadcast('b2', liveId);
    const before = await open();
    await record(before, timeline);
    addSegments(timeline, 2);
    await before.pause(liveId);
    expect(videos()[0]?.video?.status).toBe('recording');

    addSegments(timeline, 1);
    const after = await open();
    await record(after, timeline);
    await after.settle();
    addSegments(timeline, 2);
    await after.finish(liveId);
    expect(videos()).toMatchObject([{ video: { status: 'ready', durationMs: expect.any(Number) } }]);
    expect(Object.values(held())).toEqual(['b1:0-2 b2:0-5']);
  });

  it('that are full stay so for a broadcast that goes on after a restart', async () => {
    saveLive('perSession');
    const timeline = store.broadcast('b1', liveId);
    const before = await open(2 * segmentMs);
    await record(before, timeline);
    addSegments(timeline, 3);
    await before.pause(liveId);
    const after = await open(2 * segmentMs);
    await record(after, timeline);
    addSegments(timeline, 2);
    await after.goOnAll('The disk has room again');
    addSegments(timeline, 1);
    await after.finish(liveId);
    expect(Object.values(held())).toEqual(['b1:0-2']);
  });

  it.each(['append', 'perSession'] as const)('go on when the disk has room again (%s)', async (mode) => {
    saveLive(mode);
    const recordings = await open();
    const timeline = store.broadcast('b1', liveId);
    await record(recordings, timeline);
    addSegments(timeline, 2);
    await recordings.stopAll('The disk is nearly full.');
    addSegments(timeline, 2);
    const recorded = videos()[0]!.id;
    expect(recordings.stateOf(liveId)).toMatchObject({ recording: false, entryId: recorded });
    await recordings.goOnAll('The disk has room again');
    expect(recordings.stateOf(liveId)).toMatchObject({ recording: true, notice: null });
    addSegments(timeline, 2);
    await until(() => store.ranges.get(recorded)!.length > 1);
    expect(told.at(-1)).toMatch(/^recordingStarted: The disk has room again; recording goes on in “Morning show.*”\.$/);
    expect(held()).toEqual({ [recorded]: 'b1:0-2 b1:4-' });
    expect(videos()).toMatchObject([{ video: { status: 'recording', failure: null } }]);
    // As after a kill: what comes before the second range is not taken for part of it.
    await recordings.pause(liveId);
    const after = await open();
    await record(after, timeline);
    await after.settle();
    addSegments(timeline, 1);
    await after.finish(liveId);
    expect(held()).toEqual({ [recorded]: 'b1:0-2 b1:4-7' });
    expect(videos()).toMatchObject([{ video: { status: 'ready', failure: null } }]);
  });

  it('go on after a restart with room that was made meanwhile', async () => {
    saveLive('perSession');
    const timeline = store.broadcast('b1', liveId);
    const before = await open();
    await record(before, timeline);
    addSegments(timeline, 2);
    await before.stopAll('The disk is nearly full.');
    await before.pause(liveId);
    addSegments(timeline, 2);
    const after = await open();
    await record(after, timeline);
    addSegments(timeline, 1);
    await after.finish(liveId);
    expect(Object.values(held())).toEqual(['b1:0-2 b1:4-5']);
  });

  it('that were deleted do not come back when the disk has room', async () => {
    saveLive('append');
    const recordings = await open();
    const timeline = store.broadcast('b1', liveId);
    await record(recordings, timeline);
    addSegments(timeline, 2);
    await until(() => recordings.stateOf(liveId)?.entryId);
    const recorded = videos()[0]!.id;
    catalog.entries.delete(recorded);
    await recordings.forget(recorded);
    await recordings.goOnAll('The disk has room again');
    addSegments(timeline, 2);
    await recordings.finish(liveId);
    expect([held(), videos()]).toEqual([{}, []]);
  });

  it('that fail half-way are complete at what was stored, and do not grow on', async () => {
    saveLive('append');
    const recordings = await open(2 * segmentMs);
    await broadcast(recordings, 'b0', 1);
    const timeline = store.broadcast('b1', liveId);
    await record(recordings, timeline);
    addSegments(timeline, 1);
    await until(() => recordings.stateOf(liveId)?.entryId);
    const first = videos()[0]!.id;
    expect(held()).toEqual({ [first]: 'b0:0-1 b1:0-' });
    // Closing it at its longest does not work, and neither does giving up, for a while.
    store.failure = new Error('disk I/O error');
    addSegments(timeline, 2);
    await until(() => recordings.stateOf(liveId)?.recording === false);
    expect(told.at(-1)).toContain('could not be stored');
    await recordings.stopAll('The disk is nearly full.');
    store.failure = undefined;
    addSegments(timeline, 1);
    await until(() => videos()[0]?.video?.status === 'ready');
    expect(held()).toEqual({ [first]: 'b0:0-1 b1:0-1' });
    expect(videos()).toMatchObject([{ video: { failure: expect.stringContaining('log') } }]);
    await recordings.finish(liveId);
    expect(held()).toEqual({ [first]: 'b0:0-1 b1:0-1' });
  });

  it('are not stopped by a catalog that cannot be told how long they are', async () => {
    saveLive('append');
    const recordings = await open();
    const timeline = store.broadcast('b1', liveId);
    const setVideo = catalog.setVideo.bind(catalog);
    let refused = 0;
    catalog.setVideo = (id, changes) =>
      'status' in changes ? setVideo(id, changes) : Promise.reject(new Error(`busy ${++refused}`));
    await record(recordings, timeline);
    addSegments(timeline, 2);
    await until(() => refused === 1);
    nowMs += 60_000;
    addSegments(timeline, 1);
    await until(() => refused === 2);
    addSegments(timeline, 1);
    await recordings.finish(liveId);
    expect(Object.values(held())).toEqual(['b1:0-4']);
    expect(videos()).toMatchObject([{ video: { status: 'ready', failure: null, durationMs: 4 * segmentMs } }]);
  });

  it('are complete after a restart when their broadcast does not go on', async () => {
    saveLive('perSession');
    const timeline = store.broadcast('b1', liveId);
    const before = await open();
    await record(before, timeline);
    addSegments(timeline, 2);
    await before.pause(liveId);
    addSegments(timeline, 1);
    await (await open()).settle();
    expect(videos()).toMatchObject([{ video: { status: 'ready', durationMs: 3 * segmentMs } }]);
    expect(Object.values(held())).toEqual(['b1:0-3']);
  });

  it('that had not begun when the server died are taken away', async () => {
    saveLive('perSession');
    const timeline = store.broadcast('b1', liveId);
    const before = await open();
    await record(before, timeline);
    addSegments(timeline, 1);
    await before.pause(liveId);
    store.ranges.clear();
    await (await open()).settle();
    expect(videos()).toEqual([]);
  });

  it('stop with a reason when the disk is nearly full, and do not begin', async () => {
    saveLive('append');
    const recordings = await open();
    const timeline = store.broadcast('b1', liveId);
    await record(recordings, timeline);
    addSegments(timeline, 2);
    await recordings.stopAll('The disk is nearly full.');
    addSegments(timeline, 2);
    expect(recordings.stateOf(liveId)).toMatchObject({ recording: false, notice: 'The disk is nearly full.' });
    expect(recordings.counts()).toEqual({ active: 0, stopped: 1 });
    await recordings.finish(liveId);
    expect(videos()).toMatchObject([{ video: { status: 'ready', failure: 'The disk is nearly full.' } }]);
    hindrance = 'The disk is nearly full.';
    await broadcast(recordings, 'b2', 2);
    expect(Object.values(held())).toEqual(['b1:0-2']);
    expect(told.at(-1)).toBe('recordingStopped: The disk is nearly full.');
    hindrance = undefined;
    await broadcast(recordings, 'b3', 2);
    expect(Object.values(held())).toEqual(['b1:0-2 b3:0-2']);
    expect(videos()).toMatchObject([{ video: { failure: null } }]);
  });

  it('that cannot be stored fail with the broadcast going on', async () => {
    saveLive('append');
    const recordings = await open();
    store.failure = new Error('disk I/O error');
    await broadcast(recordings, 'b1', 2);
    expect(videos()).toMatchObject([{ video: { status: 'failed', failure: expect.stringContaining('log') } }]);
    expect(told.at(-1)).toContain('recordingStopped');
    store.failure = undefined;
    await broadcast(recordings, 'b2', 2);
    expect(Object.values(held())).toEqual(['b2:0-2']);
  });

  it('that are deleted while they are made take nothing else along', async () => {
    saveLive('append');
    const recordings = await open();
    const timeline = store.broadcast('b1', liveId);
    await record(recordings, timeline);
    addSegments(timeline, 2);
    await until(() => recordings.stateOf(liveId)?.entryId);
    const recorded = videos()[0]!.id;
    await recordings.forget(recorded);
    catalog.entries.delete(recorded);
    addSegments(timeline, 2);
    await recordings.finish(liveId);
    expect([held(), videos()]).toEqual([{}, []]);
    expect(recordings.newestOf(liveId)).toBeUndefined();
    expect(told.at(-1)).toContain('The recording has been deleted');
  });

  it('of a deleted entry stay', async () => {
    saveLive('perSession');
    const recordings = await open();
    await broadcast(recordings, 'b1', 2);
    catalog.entries.delete(liveId);
    await recordings.forget(liveId);
    expect(Object.values(held())).toEqual(['b1:0-2']);
    expect(recordings.newestOf(liveId)).toBeUndefined();
  });
});

function addSegments(timeline: MemoryTimeline, count: number): void {
  if (timeline.periods.length === 0 && timeline.segments.length === 0) timeline.startPeriod(0, [v0]);
  for (let index = 0; index < count; index++) {
    timeline.add(segmentOf(timeline.segments.length * segmentMs, segmentMs, [v0]));
  }
}

async function until(holds: () => unknown): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
