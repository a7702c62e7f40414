import type { Segment } from '../media/timeline.ts';
import { packTracks, unpackTracks } from './packTracks.ts';
import type { SegmentRow } from './segmentTables.ts';
import type { StoredPeriod } from './storedPeriod.ts';
import type { NewSegment, Timeline } from './timeline.ts';

/** The row of the segment that is about to be appended to the timeline. */
export function toSegmentRow(timeline: Timeline, stored: StoredPeriod, file: number, segment: NewSegment): SegmentRow {
  return {
    timeline_id: timeline.id,
    sequence: timeline.nextSequence,
    period_index: timeline.periodIndex(stored),
    folder: stored.folder,
    file,
    start_ms: segment.startMs,
    duration_ms: segment.durationMs,
    wall_clock_ms: segment.wallClockMs,
    window_start: timeline.edge,
    target_duration_seconds: timeline.targetDurationSeconds,
    tracks: packTracks(segment.tracks),
  };
}

export function fromSegmentRow(row: SegmentRow): Segment {
  return {
    sequence: row.sequence,
    period: row.period_index,
    startMs: row.start_ms,
    durationMs: row.duration_ms,
    wallClockMs: row.wall_clock_ms,
    tracks: unpackTracks(row.tracks),
  };
}
