import type { Segment } from '../../media/timeline.ts';
import type { Logger } from '../../log.ts';
import { unpackPeriod } from '../packPeriodTracks.ts';
import { unpackTracks } from '../packTracks.ts';
import type { SegmentIndex } from '../segmentIndex.ts';
import { fromSegmentRow, fromTimelineRow, toSegmentRow } from '../segmentRow.ts';
import type { PeriodRow, SegmentRow, TimelineRow } from '../segmentTables.ts';
import type { Span } from '../sequenceSpans.ts';
import type { StoredPeriod } from '../storedPeriod.ts';
import { Timeline } from '../timeline.ts';
import { TimelineFolder } from '../disk/timelineFolder.ts';
import { checkPeriods, checkSegments } from './checkTimeline.ts';
import { takeInventory } from './inventory.ts';
import { salvageSegments } from './salvage.ts';
import { claimFiles, sweep } from './sweep.ts';

/** How many of the segments before the window are looked at: they may be in their grace. */
const mostInGrace = 64;

export interface LoadOptions {
  readonly directory: string;
  readonly index: SegmentIndex;
  readonly log: Logger;
  readonly now: () => number;
  /** What compositions need of it. */
  readonly held: readonly Span[];
}

export interface LoadedTimeline {
  readonly timeline: Timeline;
  readonly folder: TimelineFolder;
}

interface Restored {
  readonly stored: StoredPeriod;
  readonly file: number;
  readonly segment: Segment;
}

/**
 * Brings the newest rows and files of a timeline into agreement and returns it with its window. What was published keeps
 * its sequence: a segment whose files are lost stays as a gap (no tracks), except at the old end of the window, where it
 * is dropped. A timeline that has been at rest is taken at its rows' word.
 */
export async function loadTimeline(row: TimelineRow, options: LoadOptions): Promise<LoadedTimeline> {
  const { directory, index, log, now } = options;
  const last = await index.lastSegment(row.id, { first: 0, end: Infinity });
  const edge = Math.max(row.sequence_floor, last?.window_start ?? 0);
  const periodRows = await index.periods(row.id);
  const nextFolder = Math.max(row.period_floor, (periodRows.at(-1)?.folder ?? -1) + 1);
  const folder = new TimelineFolder(directory, row.id, nextFolder);
  const from = row.settled === 1 ? edge : Math.max(0, edge - mostInGrace);
  const rows = untilHole(await index.segments(row.id, { first: from, end: Infinity }, 2 ** 31 - 1));
  const restored = row.settled === 1 ? trust(rows, periodRows) : await recover(row, rows, periodRows, folder, options);
  const timeline = new Timeline(
    {
      ...fromTimelineRow(row),
      sequenceFloor: last ? last.sequence + 1 : row.sequence_floor,
      periodFloor: last ? last.period_index + 1 : row.period_floor,
      targetDurationSeconds: Math.max(row.target_duration_seconds, last?.target_duration_seconds ?? 0),
      version: now(),
      mediaBytes: rows[0]?.bytes_before ?? 0,
    },
    folder,
    (error) => log.error({ err: error, timelineId: row.id }, 'a listener to the timeline failed'),
  );
  timeline.restore(restored.segments, edge, now());
  if (restored.finish) await restored.finish(timeline);
  return { timeline, folder };
}

interface Recovered {
  readonly segments: readonly Restored[];
  /** Adds what was being written, and deletes what no row speaks of. */
  readonly finish?: (timeline: Timeline) => Promise<void>;
}

function trust(rows: readonly SegmentRow[], periodRows: readonly PeriodRow[]): Recovered {
  const periods = new Map(periodRows.map((row) => [row.folder, unpackPeriod(row)]));
  const segments = rows.map((row) => {
    const lost = { folder: row.folder, startMs: row.start_ms, tracks: [], initBytes: {} };
    return { stored: periods.get(row.folder) ?? lost, file: row.file, segment: fromSegmentRow(row) };
  });
  return { segments };
}

async function recover(
  row: TimelineRow,
  rows: readonly SegmentRow[],
  periodRows: readonly PeriodRow[],
  folder: TimelineFolder,
  { index, log, now, held }: LoadOptions,
): Promise<Recovered> {
  const inventory = await takeInventory(folder.path);
  const periods = await checkPeriods(periodRows, inventory, index);
  const segments = await checkSegments(row, rows, periods, folder, inventory, index, held);
  const used = new Set(segments.map(({ stored }) => stored.folder));
  const before = { first: 0, end: rows[0]?.sequence ?? Infinity };
  for (const place of await index.places(row.id, before, 2 ** 31 - 1)) {
    claimFiles(place, inventory);
    used.add(place.folder);
  }
  return {
    segments,
    finish: async (timeline) => {
      if (row.ended_ms === null) {
        const usable = Array.from(periods.values(), ({ period }) => period);
        const newest = segments.at(-1);
        const last = newest && { folder: newest.stored.folder, file: newest.file, segment: newest.segment };
        for await (const { period, file, segment } of salvageSegments(usable, last, row.epoch_ms, folder, inventory)) {
          const row = toSegmentRow(timeline, period, file, segment);
          await index.addSegment(row);
          timeline.append(period, file, { ...segment, tracks: unpackTracks(row.tracks) }, now());
          used.add(period.folder);
          log.info(
            { timelineId: timeline.id, durationMs: segment.durationMs },
            'kept a segment that was being written',
          );
        }
      }
      await sweep(row.id, folder, inventory, used, periodRows, index);
    },
  };
}

/** The newest rows without a hole: what compositions hold from before the window may be anywhere. */
function untilHole(rows: readonly SegmentRow[]): readonly SegmentRow[] {
  const first = rows.findLastIndex(({ sequence }, index) => index === 0 || rows[index - 1]!.sequence !== sequence - 1);
  return rows.slice(Math.max(0, first));
}
