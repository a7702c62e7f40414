import type { Track } from './track.ts';

/**
 * A run without a discontinuity and with one set of init segments. New parameters or missing media start a new one.
 * Positions are milliseconds since the timeline's epoch (its first media); `…Ticks` are in the track's timescale and
 * count from the same epoch.
 */
export interface Period {
  /** Rises by one with each discontinuity over the whole life of the timeline. */
  readonly index: number;
  readonly startMs: number;
  readonly tracks: readonly Track[];
  /**
   * The media go on where those of the period before end, in every track, of the same form, and by the same clock: only the
   * parameters of the codecs are other ones, as in a clip where its own frames meet those that it shares.
   */
  readonly seamless?: boolean;
}

/** One `moof` + `mdat` inside a segment's file. */
export interface Fragment {
  readonly startTicks: number;
  readonly durationTicks: number;
  /** First byte, counted from the start of the segment's file. */
  readonly offset: number;
  readonly bytes: number;
  /** Begins with a key frame (always true for audio). */
  readonly independent: boolean;
}

/** A fragment's place in its segment's file. */
export type FragmentRange = Pick<Fragment, 'offset' | 'bytes'>;

/** What one track holds of a segment. */
export interface TrackSegment {
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly bytes: number;
  readonly independent: boolean;
  /** The first fragment that begins with a key frame; null where none does. */
  readonly keyFrame: FragmentRange | null;
  /** Dear to ask for of what is stored: not in a walk over all segments. */
  readonly fragments: readonly Fragment[];
}

/** The unit all formats share: the same boundaries on every track, to within one audio frame. */
export interface Segment {
  /** Timeline-wide, starts again from no lower value even after a restart of the server. */
  readonly sequence: number;
  /** `Period.index` */
  readonly period: number;
  /** Presentation start and length of the reference track (video, or audio when there is no video). */
  readonly startMs: number;
  readonly durationMs: number;
  /** Wall clock (Unix ms) of the first sample. */
  readonly wallClockMs: number;
  /** By track id. A track that was silent for the whole segment is absent. */
  readonly tracks: Readonly<Record<string, TrackSegment>>;
}
