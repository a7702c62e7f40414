import { rm } from 'node:fs/promises';
import type { Segment } from '../../media/timeline.ts';
import type { Logger } from '../../log.ts';
import { packPeriodTracks, unpackPeriod } from '../packPeriodTracks.ts';
import { packTracks } from '../packTracks.ts';
import type { SegmentIndex } from '../segmentIndex.ts';
import { fromSegmentRow, toSegmentRow } from '../segmentRow.ts';
import type { PeriodRow, SegmentRow, TimelineRow } from '../segmentTables.ts';
import type { StoredPeriod } from '../storedPeriod.ts';
import { Timeline } from '../timeline.ts';
import { TimelineFolder } from '../disk/timelineFolder.ts';
import { takeInventory, type Inventory } from './inventory.ts';
import { salvageSegments } from './salvage.ts';
import { usableParts, usablePeriod } from './usableTracks.ts';

interface Restored {
  readonly stored: StoredPeriod;
  readonly file: number;
  readonly segment: Segment;
}

export interface LoadOptions {
  readonly directory: string;
  readonly index: SegmentIndex;
  readonly log: Logger;
  readonly now: () => number;
}

/**
 * Brings a timeline's rows and files into agreement and returns it. What was published keeps its sequence: a segment whose
 * files are lost stays as a gap (no tracks), except at the old end of the window, where it is dropped.
 */
export async function loadTimeline(
  row: TimelineRow,
  { directory, index, log, now }: LoadOptions,
): Promise<{ timeline: Timeline; folder: TimelineFolder }> {
  const periodRows = await index.periods(row.id);
  const segmentRows = await index.segments(row.id);
  const folder = openFolder(directory, row, periodRows);
  const inventory = await takeInventory(folder.path);
  const periods = await checkPeriods(periodRows, inventory, index);
  const restored = await checkSegments(segmentRows, periods, inventory, index, row);
  const lastRow = segmentRows.at(-1);
  const timeline = new Timeline(
    {
      id: row.id,
      entryId: row.entry_id,
      epochMs: row.epoch_ms,
      windowSeconds: row.window_seconds,
      firstSequence: row.first_sequence,
      sequenceFloor: lastRow ? lastRow.sequence + 1 : row.sequence_floor,
      periodFloor: lastRow ? lastRow.period_index + 1 : row.period_floor,
      targetDurationSeconds: Math.max(row.target_duration_seconds, lastRow?.target_duration_seconds ?? 0),
      ended: row.ended_ms !== null,
      version: now(),
    },
    folder,
    (error) => log.error({ err: error, timelineId: row.id }, 'a listener to the timeline failed'),
  );
  timeline.restore(restored, Math.max(row.sequence_floor, lastRow?.window_start ?? 0), now());
  const used = new Set(restored.map(({ stored }) => stored.folder));
  if (row.ended_ms === null) {
    const usable = Array.from(periods.values(), ({ period }) => period);
    const newest = restored.at(-1);
    const last = newest && { folder: newest.stored.folder, file: newest.file, segment: newest.segment };
    for await (const { period, file, segment } of salvageSegments(usable, last, row.epoch_ms, folder, inventory)) {
      await index.addSegment(toSegmentRow(timeline, period, file, segment));
      timeline.append(period, file, segment, now());
      used.add(period.folder);
      log.info({ timelineId: row.id, durationMs: segment.durationMs }, 'kept a segment that was being written');
    }
  }
  await sweep(row.id, folder, inventory, used, periodRows, index);
  return { timeline, folder };
}

function openFolder(directory: string, row: TimelineRow, periodRows: readonly PeriodRow[]): TimelineFolder {
  const oldest = periodRows[0]?.folder ?? row.period_floor;
  const next = Math.max(row.period_floor, (periodRows.at(-1)?.folder ?? -1) + 1);
  return new TimelineFolder(directory, row.id, oldest, next);
}

type CheckedPeriods = ReadonlyMap<number, ReturnType<typeof usablePeriod>>;

async function checkPeriods(
  rows: readonly PeriodRow[],
  inventory: Inventory,
  index: SegmentIndex,
): Promise<CheckedPeriods> {
  const checked = new Map<number, ReturnType<typeof usablePeriod>>();
  for (const row of rows) {
    const stored = unpackPeriod(row);
    const usable = usablePeriod(stored, inventory);
    if (usable.period !== stored)
      await index.changePeriod(row.timeline_id, row.folder, packPeriodTracks(usable.period));
    checked.set(row.folder, usable);
  }
  return checked;
}

async function checkSegments(
  rows: readonly SegmentRow[],
  periods: CheckedPeriods,
  inventory: Inventory,
  index: SegmentIndex,
  timeline: TimelineRow,
): Promise<Restored[]> {
  const restored: Restored[] = [];
  for (const row of rows) {
    const checked = periods.get(row.folder);
    const segment = fromSegmentRow(row);
    const { parts, changed } = usableParts(segment.tracks, row, inventory, checked?.lost ?? new Set());
    const gap = !checked || Object.keys(parts).length === 0;
    if (gap && restored.length === 0) continue;
    if (changed) await index.changeSegment(row.timeline_id, row.sequence, packTracks(parts));
    const stored = checked?.period ?? { folder: row.folder, startMs: row.start_ms, tracks: [], initBytes: {} };
    restored.push({ stored, file: row.file, segment: changed ? { ...segment, tracks: parts } : segment });
  }
  const [oldest] = rows;
  const newest = rows.at(-1);
  const kept = restored[0]?.segment.sequence;
  if (!oldest || !newest || kept === oldest.sequence) return restored;
  if (kept === undefined) {
    await index.changeTimeline(timeline.id, {
      sequence_floor: newest.sequence + 1,
      period_floor: newest.period_index + 1,
      target_duration_seconds: newest.target_duration_seconds,
    });
  }
  await index.removeSegments(timeline.id, oldest.sequence, kept ?? newest.sequence + 1);
  return restored;
}

/** Deletes what no row speaks of, and periods without segments. */
async function sweep(
  timelineId: string,
  folder: TimelineFolder,
  { periods, strays }: Inventory,
  used: ReadonlySet<number>,
  periodRows: readonly PeriodRow[],
  index: SegmentIndex,
): Promise<void> {
  for (const stray of strays) await rm(stray, { recursive: true, force: true });
  for (const [number, tracks] of periods) {
    if (!used.has(number)) await folder.removePeriod(number);
    else
      for (const [id, { media }] of tracks) for (const file of media.keys()) await folder.removeMedia(number, id, file);
  }
  for (const row of periodRows) if (!used.has(row.folder)) await index.removePeriod(timelineId, row.folder);
}
