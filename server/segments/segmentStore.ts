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
