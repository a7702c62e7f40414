import type { Readable } from 'node:stream';
import type { Fragment, Period, Segment } from '../media/timeline.ts';
import type { Track } from '../media/track.ts';

/** A stored file, or a part of one in memory: read whole or by range (both ends inclusive, as in HTTP). */
export interface StoredBytes {
  readonly length: number;
  stream(range?: { start: number; end: number }): Readable;
  buffer(): Promise<Buffer>;
}

/** One broadcast's media as readers see it: only what is inside the window. Answers are never taken back. */
export interface TimelineReader {
  readonly id: string;
  readonly entryId: string;
  /** Wall clock (Unix ms) of position 0; fixed for the life of the timeline. */
  readonly epochMs: number;
  /** Rises with every visible change: the key for caches. */
  readonly version: number;
  readonly ended: boolean;
  /** Seconds the window may span; 0 is "everything". */
  readonly windowSeconds: number;
  /** Longest segment so far, in whole seconds rounded to nearest; never falls. */
  readonly targetDurationSeconds: number;
  /** Periods with at least one segment in the window, oldest first. */
  readonly periods: readonly Period[];
  /** Segments in the window, oldest first, sequences without holes. */
  readonly segments: readonly Segment[];
  /** Periods that have left the window altogether (RFC 8216 4.3.3.3). */
  readonly discontinuitySequence: number;
  /** This and `media` go on answering for a while after a segment has left the window. */
  segment(sequence: number): Segment | undefined;
  init(period: number, trackId: string): StoredBytes | undefined;
  media(sequence: number, trackId: string): StoredBytes | undefined;
  onChanged(listener: () => void): () => void;
}

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
  /** No more media: manifests take their ended form. Idempotent. */
  end(): Promise<void>;
  /** Lets go of files without ending the timeline (the server is stopping). */
  close(): Promise<void>;
}

export interface SegmentStore {
  /** Creates the timeline, or continues one that is stored and has not ended. */
  write(timeline: { id: string; entryId: string; epochMs: number; windowSeconds: number }): Promise<TimelineWriter>;
  /** The timeline to play for an entry: its latest. */
  latest(entryId: string): TimelineReader | undefined;
  timeline(id: string): TimelineReader | undefined;
  deleteEntry(entryId: string): Promise<void>;
  close(): Promise<void>;
}
