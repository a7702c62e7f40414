import type { Fragment } from '../media/timeline.ts';
import type { Track } from '../media/track.ts';
import type { TimelineReader } from './timelineReader.ts';

export type TrackWithInit = Track & { readonly init: Uint8Array };
export type NewFragment = Omit<Fragment, 'offset' | 'bytes'> & { readonly data: Uint8Array };

/** Appends are queued and never block; `complete` publishes the segment once its bytes are on disk and indexed. */
export interface SegmentWriter {
  readonly sequence: number;
  append(trackId: string, fragment: NewFragment): void;
  /** Called in the order of the sequences. */
  complete(): Promise<void>;
}

export interface PeriodWriter {
  openSegment(start: { startMs: number; wallClockMs: number }): SegmentWriter;
}

export interface TimelineWriter {
  readonly timeline: TimelineReader;
  /** Position at which new media may begin: after all that is stored, and not before the wall clock's position. */
  nextStartMs(nowMs: number): number;
  startPeriod(period: { startMs: number; tracks: readonly TrackWithInit[] }): Promise<PeriodWriter>;
  setWindow(windowSeconds: number): void;
  /** Resolves once little of what was appended waits for the disk: for media that come faster than they are played. */
  drained(): Promise<void>;
  /** No more media: manifests take their ended form. Idempotent. */
  end(): Promise<void>;
  /** Lets go of files without ending the timeline (the server is stopping). */
  close(): Promise<void>;
}

/** Whole segments of one stored timeline, `end` not included; null: with all that is yet to come. */
export interface SegmentRange {
  readonly timelineId: string;
  readonly first: number;
  readonly end: number | null;
}

/** Bytes of media. */
export interface StorageUsage {
  readonly bytes: number;
  /** Of these, what others keep as well: deleting would not free them. */
  readonly sharedBytes: number;
}

export interface SegmentStore {
  /**
   * Creates the timeline, or continues one that is stored and has not ended. What leaves its window, and that no
   * composition names, is deleted.
   */
  write(timeline: { id: string; entryId: string; epochMs: number; windowSeconds: number }): Promise<TimelineWriter>;
  /** The timeline to play for an entry: its latest. */
  latest(entryId: string): TimelineReader | undefined;
  timeline(id: string): TimelineReader | undefined;
  /**
   * Puts ranges together, in their order, under a name of the owner's, in place of what had that name before. What they
   * hold is kept as long as any composition names it, whatever becomes of the entry or the window it came from.
   */
  compose(name: string, entryId: string, ranges: readonly SegmentRange[]): Promise<void>;
  /** What was composed under the name, as one timeline without a window: it has ended when its ranges have. */
  composed(name: string): Promise<TimelineReader | undefined>;
  /**
   * The stored segments behind some of a timeline's, `end` not included, counted as the timeline itself does: for
   * compositions of parts of it. Empty when the store does not know the timeline.
   */
  rangesOf(timeline: TimelineReader, first: number, end: number): readonly SegmentRange[];
  /** Lets go of a composition; what nothing else needs is deleted. Idempotent. */
  decompose(name: string): Promise<void>;
  /** What an entry (with all that was composed for it), or one composition, keeps from being deleted. */
  usage(owner: string): Promise<StorageUsage>;
  /** Whose timelines with a window and compositions there are, with the names of the latter. */
  owners(): ReadonlyMap<string, readonly string[]>;
  /** Lets go of an entry's timelines; what compositions name of them stays. */
  deleteEntry(entryId: string): Promise<void>;
  close(): Promise<void>;
}
