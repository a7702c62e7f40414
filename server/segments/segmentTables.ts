/**
 * Rows of the segment index. Columns are text, 32-bit integers and doubles only (milliseconds as doubles), so that
 * every driver of SQLite and PostgreSQL answers the same JavaScript values.
 */
export interface SegmentTables {
  timelines: TimelineRow;
  periods: PeriodRow;
  segments: SegmentRow;
  timeline_floors: TimelineFloorRow;
  compositions: CompositionRow;
}

export interface TimelineRow {
  id: string;
  entry_id: string;
  /** Its place among the timelines of its entry. */
  ordinal: number;
  epoch_ms: number;
  window_seconds: number;
  first_sequence: number;
  /** No sequence below this is offered again: the window's edge when the window was changed, or what rows that are gone said. */
  sequence_floor: number;
  period_floor: number;
  /** While there are no segments, whose rows say it otherwise. */
  target_duration_seconds: number;
  ended_ms: number | null;
  /** 1: ended so long ago that its files need not be looked at after a crash. */
  settled: number;
  /** 1: it has no window any more, and only what compositions name of it is there. */
  retired: number;
}

export interface PeriodRow {
  timeline_id: string;
  folder: number;
  start_ms: number;
  /** JSON: the tracks, each with the length of its init segment. */
  tracks: string;
}

export interface SegmentRow {
  timeline_id: string;
  sequence: number;
  period_index: number;
  folder: number;
  file: number;
  start_ms: number;
  duration_ms: number;
  wall_clock_ms: number;
  /** Sequence of the window's oldest segment, and the target duration, when this segment was published. */
  window_start: number;
  target_duration_seconds: number;
  /** JSON: see `packTracks`. */
  tracks: string;
  /** Of its files, and of those of all segments published before it, deleted ones included: sums without summing. */
  bytes: number;
  bytes_before: number;
}

/** What an entry's next timeline must start above, kept when its last timelines have been dropped. */
export interface TimelineFloorRow {
  entry_id: string;
  sequence_floor: number;
  period_floor: number;
}

export interface CompositionRow {
  name: string;
  entry_id: string;
  /** JSON: `SegmentRange[]`. */
  ranges: string;
}
