import type { Readable } from 'node:stream';
import type { Fragment, Period, Segment } from '../media/timeline.ts';

/** A stored file, or a part of one in memory: read whole or by range (both ends inclusive, as in HTTP). */
export interface StoredBytes {
  readonly length: number;
  stream(range?: { start: number; end: number }): Readable;
  buffer(): Promise<Buffer>;
  /** Many small parts, quicker than streams of them; absent where that would be no quicker. */
  parts?(ranges: readonly { start: number; end: number }[]): Promise<Buffer[]>;
}

/** A segment that is still being written. What it has is final; more comes at the end. */
export interface GrowingSegment {
  readonly sequence: number;
  readonly period: Period;
  readonly startMs: number;
  readonly wallClockMs: number;
  /** By track id; a track that has nothing yet is absent. */
  readonly fragments: ReadonlyMap<string, readonly Fragment[]>;
}

/** Media as readers see it, of one broadcast or put together of several: only what is inside the window. Answers are never taken back. */
export interface TimelineReader {
  /** Another one where the media of a sequence would be other bytes. */
  readonly id: string;
  readonly entryId: string;
  /** Wall clock (Unix ms) of position 0; fixed for the life of the timeline. */
  readonly epochMs: number;
  /** Rises with every visible change of what is complete: the key for caches. */
  readonly version: number;
  readonly ended: boolean;
  /** Seconds the window may span; 0 is "everything". */
  readonly windowSeconds: number;
  /** Longest segment of any track so far, in whole seconds rounded to nearest, and the same for all; never falls. */
  readonly targetDurationSeconds: number;
  /** Periods with at least one segment in the window, oldest first. */
  readonly periods: readonly Period[];
  /** Segments in the window, oldest first, sequences without holes. */
  readonly segments: readonly Segment[];
  /** Periods that have left the window altogether (RFC 8216 4.3.3.3). */
  readonly discontinuitySequence: number;
  /** Segments being written, oldest first: they follow `segments`, and are in it once complete. */
  readonly growing: readonly GrowingSegment[];
  /** Rises with every fragment and with every version. */
  readonly growth: number;
  /** This, `media` and `fragment` go on answering for a while after a segment has left the window. */
  segment(sequence: number): Segment | undefined;
  /** Of a growing segment's period, too. */
  init(period: number, trackId: string): StoredBytes | undefined;
  media(sequence: number, trackId: string): StoredBytes | undefined;
  /** One fragment by its place in the segment, growing or complete. */
  fragment(sequence: number, trackId: string, index: number): StoredBytes | undefined;
  /** A growing segment's bytes from the first on, as they come; ends when the segment is complete, and fails when it cannot be stored. */
  follow(sequence: number, trackId: string): Readable | undefined;
  onChanged(listener: () => void): () => void;
  /** Hears of every fragment, and of all that `onChanged` hears of. */
  onGrown(listener: () => void): () => void;
}
