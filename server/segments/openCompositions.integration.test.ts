import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../database.ts';
import { createLog } from '../log.ts';
import { Compositions } from './compositions.ts';
import { OpenCompositions } from './openCompositions.ts';
import { makeDirectory, removeDirectory } from './openedStore.fixture.ts';
import { packPeriodTracks } from './packPeriodTracks.ts';
import { packTracks } from './packTracks.ts';
import { SegmentIndex } from './segmentIndex.ts';
import { segmentMigrations } from './segmentMigrations.ts';
import type { SegmentTables } from './segmentTables.ts';
import type { Span } from './sequenceSpans.ts';
import { StoredTimelines } from './storedTimelines.ts';
import { madePeriod, madeSegment } from './timeline.fixture.ts';

/** Segments of each timeline, and of the composition of the same name. */
const stored = { long: 4500, longer: 5000, a: 10, b: 10, c: 10, d: 10 };

/** Notes which timelines are read, as often as a stretch of one is. */
class WatchedIndex extends SegmentIndex {
  readonly read: string[] = [];

  override segments(timelineId: string, span: Span, limit: number) {
    this.read.push(timelineId);
    return super.segments(timelineId, span, limit);
  }
}

describe('compositions that are open', () => {
  let root: string;
  let database: Kysely<SegmentTables>;
  let index: WatchedIndex;
  let timelines: StoredTimelines;
  let nowMs = 0;

  beforeAll(async () => {
    root = await makeDirectory();
    database = await openDatabase<SegmentTables>(join(root, 'index.db'), segmentMigrations);
    for (const [id, count] of Object.entries(stored)) await store(id, count);
  });
  afterAll(async () => {
    await database.destroy();
    await removeDirectory(root);
  });

  async function store(id: string, count: number): Promise<void> {
    const values = { id, entry_id: id, ordinal: 0, epoch_ms: 0, window_seconds: 0, first_sequence: 0 };
    const ended = { sequence_floor: count, period_floor: 1, target_duration_seconds: 2, ended_ms: 1, settled: 1 };
    await database
      .insertInto('timelines')
      .values({ ...values, ...ended, retired: 1 })
      .execute();
    const period = { timeline_id: id, folder: 0, start_ms: 0, tracks: packPeriodTracks(madePeriod(0)) };
    await database.insertInto('periods').values(period).execute();
    const rows = Array.from({ length: count }, (_, sequence) => {
      const { startMs, durationMs, wallClockMs, tracks } = madeSegment(sequence * 2000, 2000);
      const times = { start_ms: startMs, duration_ms: durationMs, wall_clock_ms: wallClockMs };
      const place = { timeline_id: id, sequence, period_index: 0, folder: 0, file: sequence, window_start: 0 };
      const sums = { target_duration_seconds: 2, bytes: 100, bytes_before: sequence * 100 };
      return { ...place, ...times, ...sums, tracks: packTracks(tracks) };
    });
    for (let first = 0; first < count; first += 500)
      await database
        .insertInto('segments')
        .values(rows.slice(first, first + 500))
        .execute();
  }

  beforeEach(async () => {
    index = new WatchedIndex(database);
    timelines = new StoredTimelines(root, index, []);
    for (const row of await index.timelines()) timelines.keepRetired(row);
  });

  function open(mostSegments?: number): OpenCompositions {
    const compositions = new Compositions(
      Object.keys(stored).map((name) => {
        const ranges = JSON.stringify([{ timelineId: name, first: 0, end: null }]);
        return { name, entry_id: name, ranges };
      }),
    );
    return new OpenCompositions({
      compositions,
      timelines,
      index,
      log: createLog('silent', false),
      now: () => nowMs,
      mostSegments,
    });
  }

  it('are kept up to a number of segments, the longest unused let go first', async () => {
    const opened = open(25);
    const [a, b] = [await opened.get('a'), await opened.get('b')];
    expect(opened.keptSegments).toBe(20);
    await opened.get('a');
    await opened.get('c');
    expect(opened.keptSegments).toBe(20);
    index.read.length = 0;
    expect(await opened.get('a')).toBe(a);
    // Not kept any more, but somebody holds it: it is not made twice.
    expect(await opened.get('b')).toBe(b);
    expect(index.read).toEqual([]);
    expect(opened.keptSegments).toBe(20);
  });

  it('are kept alone where one is more than all may be, and not beyond a minute', async () => {
    const opened = open(25);
    await opened.get('a');
    await opened.get('long');
    expect(opened.keptSegments).toBe(4500);
    nowMs += 60_001;
    opened.letGoOfIdle();
    expect(opened.keptSegments).toBe(0);
  });

  it('are loaded one after the other where they are long, and short ones at once', async () => {
    const opened = open();
    const order: string[] = [];
    const names = ['long', 'longer', 'a', 'b'];
    await Promise.all(names.map((name) => opened.get(name).then(() => order.push(name))));
    expect(order).toEqual(['a', 'b', 'long', 'longer']);
    const long = index.read.filter((id) => id.startsWith('long'));
    expect(long.indexOf('longer')).toBe(long.lastIndexOf('long') + 1);
  });
});
