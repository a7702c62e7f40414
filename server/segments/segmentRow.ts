import type { Segment } from '../media/timeline.ts';
import { packTracks, unpackTracks } from './packTracks.ts';
import type { SegmentRow, TimelineRow } from './segmentTables.ts';
import type { StoredPeriod } from './storedPeriod.ts';
import { segmentBytes, type NewSegment } from './storedSegment.ts';
import type { Timeline, TimelineOrigin } from './timeline.ts';

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
    bytes: segmentBytes(segment),
    bytes_before: timeline.mediaBytes,
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

/** What a timeline has been so far, once its segments cannot tell. */
export function toTimelineRow(timeline: Timeline, ordinal: number): TimelineRow {
  return {
    id: timeline.id,
    entry_id: timeline.entryId,
    ordinal,
    epoch_ms: timeline.epochMs,
    window_seconds: timeline.windowSeconds,
    first_sequence: timeline.firstSequence,
    sequence_floor: timeline.nextSequence,
    period_floor: timeline.nextPeriod,
    target_duration_seconds: timeline.targetDurationSeconds,
    ended_ms: null,
    settled: 0,
    retired: 0,
  };
}

export function fromTimelineRow(row: TimelineRow): Omit<TimelineOrigin, 'version' | 'mediaBytes'> {
  return {
    id: row.id,
    entryId: row.entry_id,
    epochMs: row.epoch_ms,
    windowSeconds: row.window_seconds,
    firstSequence: row.first_sequence,
    sequenceFloor: row.sequence_floor,
    periodFloor: row.period_floor,
    targetDurationSeconds: row.target_duration_seconds,
    endedAtMs: row.ended_ms ?? undefined,
  };
}
