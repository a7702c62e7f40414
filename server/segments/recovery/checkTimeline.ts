import type { Segment } from '../../media/timeline.ts';
import type { TimelineFolder } from '../disk/timelineFolder.ts';
import { packPeriodTracks, unpackPeriod } from '../packPeriodTracks.ts';
import { packTracks, unpackTracks } from '../packTracks.ts';
import type { SegmentIndex } from '../segmentIndex.ts';
import { fromSegmentRow } from '../segmentRow.ts';
import type { PeriodRow, SegmentRow, TimelineRow } from '../segmentTables.ts';
import { includesSequence, type Span } from '../sequenceSpans.ts';
import type { StoredPeriod } from '../storedPeriod.ts';
import { segmentBytes } from '../storedSegment.ts';
import type { Inventory } from './inventory.ts';
import { usableParts, usablePeriod } from './usableTracks.ts';

export type CheckedPeriods = ReadonlyMap<number, ReturnType<typeof usablePeriod>>;

/** Takes tracks without their init segment out of the periods. */
export async function checkPeriods(
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

export interface CheckedSegment {
  readonly stored: StoredPeriod;
  readonly file: number;
  readonly segment: Segment;
}

/** Takes out of a segment's row what its files do not hold, and its files out of the inventory. */
export async function checkSegment(
  row: SegmentRow,
  periods: CheckedPeriods,
  folder: TimelineFolder,
  inventory: Inventory,
  index: SegmentIndex,
): Promise<CheckedSegment> {
  const checked = periods.get(row.folder);
  const segment = fromSegmentRow(row);
  const stored = checked?.period ?? { folder: row.folder, startMs: row.start_ms, tracks: [], initBytes: {} };
  const { parts, changed } = usableParts(segment.tracks, row, folder, inventory, checked?.lost);
  if (!changed) return { stored, file: row.file, segment };
  const tracks = packTracks(parts);
  await index.changeSegment(row.timeline_id, row.sequence, { tracks, bytes: segmentBytes({ tracks: parts }) });
  return { stored, file: row.file, segment: { ...segment, tracks: unpackTracks(tracks) } };
}

/** Checks the segments of a window. Those at its old end that are lost altogether are left out. */
export async function checkSegments(
  timeline: TimelineRow,
  rows: readonly SegmentRow[],
  periods: CheckedPeriods,
  folder: TimelineFolder,
  inventory: Inventory,
  index: SegmentIndex,
  held: readonly Span[],
): Promise<CheckedSegment[]> {
  const restored: CheckedSegment[] = [];
  for (const row of rows) {
    const checked = await checkSegment(row, periods, folder, inventory, index);
    if (restored.length > 0 || Object.keys(checked.segment.tracks).length > 0) restored.push(checked);
  }
  await dropLost(timeline, rows, restored[0]?.segment.sequence, index, held);
  return restored;
}

async function dropLost(
  timeline: TimelineRow,
  rows: readonly SegmentRow[],
  kept: number | undefined,
  index: SegmentIndex,
  held: readonly Span[],
): Promise<void> {
  const newest = rows.at(-1);
  if (!newest || kept === rows[0]?.sequence) return;
  if (kept === undefined) {
    await index.changeTimeline(timeline.id, {
      sequence_floor: newest.sequence + 1,
      period_floor: newest.period_index + 1,
      target_duration_seconds: newest.target_duration_seconds,
    });
  }
  for (const { sequence } of rows.filter(({ sequence }) => sequence < (kept ?? Infinity))) {
    // What a composition names stays a gap in it.
    if (!includesSequence(held, sequence))
      await index.removeSegments(timeline.id, { first: sequence, end: sequence + 1 });
  }
}
