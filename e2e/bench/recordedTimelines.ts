import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Kysely } from 'kysely';
import { madeTracks } from '../../server/packaging/mss/madeTracks.fixture.ts';
import { TimelineFolder } from '../../server/segments/disk/timelineFolder.ts';
import { packPeriodTracks } from '../../server/segments/packPeriodTracks.ts';
import { joinFragments, packTracks } from '../../server/segments/packTracks.ts';
import type { SegmentRow, SegmentTables } from '../../server/segments/segmentTables.ts';
import { unevenMs } from './unevenMs.ts';

const segmentMs = 2000;
const fragmentsPerSegment = 6;
const { v0, v1, v2, a0 } = madeTracks;
const tracks = [v0, v1, v2, { ...v2, id: 'v3', width: 480, height: 270, bitrateBps: 400_000 }, a0];

/** No two segments are quite equally long, as when a browser sends: lists of their lengths are as long as they get. */
function startMsOf(sequence: number): number {
  return sequence * segmentMs + unevenMs(sequence);
}

function rowOf(timelineId: string, sequence: number, epochMs: number): SegmentRow {
  const startMs = startMsOf(sequence);
  const endMs = startMsOf(sequence + 1);
  const parts = tracks.map(({ id, timescale }) => {
    const ticksAt = (part: number) =>
      Math.round(((startMs + ((endMs - startMs) * part) / fragmentsPerSegment) * timescale) / 1000);
    const fragments = Array.from({ length: fragmentsPerSegment }, (_, index) => ({
      startTicks: ticksAt(index),
      durationTicks: ticksAt(index + 1) - ticksAt(index),
      offset: index * 60_000,
      bytes: 60_000,
      independent: index === 0 || id === a0.id,
    }));
    return [id, joinFragments(fragments)] as const;
  });
  return {
    timeline_id: timelineId,
    sequence,
    period_index: 0,
    folder: 0,
    file: sequence,
    start_ms: startMs,
    duration_ms: endMs - startMs,
    wall_clock_ms: epochMs + startMs,
    window_start: 0,
    target_duration_seconds: 2,
    tracks: packTracks(Object.fromEntries(parts)),
    bytes: 1_800_000,
    bytes_before: sequence * 1_800_000,
  };
}

/**
 * Puts a broadcast of so many hours, without its window, into the index, and a recording of it of the same name: segments of
 * 2 s, 5 tracks, 6 fragments each. Of its files there are only the init segments, below `directory`.
 */
export async function record(
  database: Kysely<SegmentTables>,
  directory: string,
  timelineId: string,
  hours: number,
  epochMs = 0,
): Promise<void> {
  const segments = (hours * 3_600_000) / segmentMs;
  await database
    .insertInto('timelines')
    .values({
      id: timelineId,
      entry_id: `entry-${timelineId}`,
      ordinal: 0,
      epoch_ms: epochMs,
      window_seconds: 7200,
      first_sequence: 0,
      sequence_floor: segments,
      period_floor: 1,
      target_duration_seconds: 2,
      ended_ms: 1,
      settled: 1,
      retired: 1,
    })
    .execute();
  const folder = new TimelineFolder(directory, timelineId, 0);
  for (const { id, init } of tracks) {
    const path = folder.initPath(0, id);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, init);
  }
  const initBytes = Object.fromEntries(tracks.map(({ id, init }) => [id, init.length]));
  const listed = tracks.map(({ init: _init, ...track }) => track);
  const packed = packPeriodTracks({ tracks: listed, initBytes });
  await database
    .insertInto('periods')
    .values({ timeline_id: timelineId, folder: 0, start_ms: 0, tracks: packed })
    .execute();
  for (let first = 0; first < segments; first += 200) {
    const rows = Array.from({ length: Math.min(200, segments - first) }, (_, index) =>
      rowOf(timelineId, first + index, epochMs),
    );
    await database.insertInto('segments').values(rows).execute();
  }
  const range = { timelineId, first: 0, end: null };
  await database
    .insertInto('compositions')
    .values({ name: timelineId, entry_id: timelineId, ranges: JSON.stringify([range]) })
    .execute();
}
