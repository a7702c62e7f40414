import type { Segment } from '../../media/timeline.ts';
import type { TimelineFolder } from '../disk/timelineFolder.ts';
import { packPeriodTracks, unpackPeriod } from '../packPeriodTracks.ts';
import { packTracks, unpackTracks } from '../packTracks.ts';
import type { SegmentIndex } from '../segmentIndex.ts';
import { fromSegmentRow } from '../segmentRow.ts';
import type { PeriodRow, SegmentRow, TimelineRow } from '../segmentTables.ts';
import { includesSequence, type Span } from '../sequenceSpans.ts';
import type { StoredPeriod } from '../storedPeriod.ts';
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

/** Takes out of the segments what their files do not hold. Those at the old end that are lost altogether are left out. */
export async function checkSegments(
  timeline: TimelineRow,
  rows: readonly SegmentRow[],
  periods: CheckedPeriods,
  folder: TimelineFolder,
  inventory: Inventory,
  index: SegmentIndex,
  held: readonly Span[],
): Promise<{ readonly stored: StoredPeriod; readonly file: number; readonly segment: Segment }[]> {
  const restored = [];
  for (const row of rows) {
    const checked = periods.get(row.folder);
    const segment = fromSegmentRow(row);
    const { parts, changed } = usableParts(segment.tracks, row, folder, inventory, checked?.lost ?? new Set());
    const gap = !checked || Object.keys(parts).length === 0;
    const packed = packTracks(parts);
    if (changed) await index.changeSegment(row.timeline_id, row.sequence, { tracks: packed });
    if (gap && restored.length === 0) continue;
    const stored = checked?.period ?? { folder: row.folder, startMs: row.start_ms, tracks: [], initBytes: {} };
    const kept = changed ? { ...segment, tracks: unpackTracks(packed) } : segment;
    restored.push({ stored, file: row.file, segment: kept });
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
