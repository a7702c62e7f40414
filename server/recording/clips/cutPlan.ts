import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { CutPoint } from './cutPoint.ts';
import { isJoined, isLost } from './missingMedia.ts';

/** Whole segments, shared as they are. `end` is not included. */
export interface SharedRun {
  readonly type: 'shared';
  readonly first: number;
  readonly end: number;
}

/** Frames of one period, from one place to another, that are to be encoded anew. `end` is not included. */
export interface Piece {
  readonly type: 'piece';
  /** Segments its frames are in. */
  readonly first: number;
  readonly end: number;
  readonly from: CutPoint;
  readonly to: CutPoint;
}

export type CutStep = SharedRun | Piece;

/** Renditions whose key frames are not where segments begin are encoded anew this far, at most. */
const mostSegments = 8;

/**
 * What a part of a timeline is put together of: from the first frame to the next boundary and from the last boundary on
 * anew, what is between as it is. `to` comes after `from`.
 */
export function planCut(timeline: TimelineReader, from: CutPoint, to: CutPoint): CutStep[] {
  const bodyFirst =
    from.isBoundary && canBegin(timeline, from.sequence) ? from.sequence : nextBeginning(timeline, from);
  const bodyEnd = to.sequence;
  if (bodyFirst > bodyEnd) return [{ type: 'piece', first: from.sequence, end: endOf(to), from, to }];
  const steps: CutStep[] = [];
  const boundary = boundaryAt(timeline, bodyFirst);
  const joined = bodyFirst === bodyEnd && !to.isBoundary && isSamePeriod(timeline, from.sequence, to.sequence);
  if (joined && bodyFirst > from.sequence) return [{ type: 'piece', first: from.sequence, end: endOf(to), from, to }];
  if (bodyFirst > from.sequence || !from.isBoundary)
    steps.push({ type: 'piece', first: from.sequence, end: bodyFirst, from, to: boundary });
  steps.push(...sharedRuns(timeline, bodyFirst, bodyEnd));
  if (!to.isBoundary)
    steps.push({ type: 'piece', first: bodyEnd, end: bodyEnd + 1, from: boundaryAt(timeline, bodyEnd), to });
  return steps;
}

/** A run of its own after each gap, for runs are put behind each other, and gaps left out thereby. */
function sharedRuns(timeline: TimelineReader, first: number, end: number): SharedRun[] {
  const runs: SharedRun[] = [];
  let from = first;
  for (let sequence = first + 1; sequence <= end; sequence++) {
    if (sequence < end && !isAfterGap(timeline, sequence)) continue;
    const begins = timeline.segment(from);
    if (!begins || !isLost(begins)) runs.push({ type: 'shared', first: from, end: sequence });
    from = sequence;
  }
  return runs;
}

function isAfterGap(timeline: TimelineReader, sequence: number): boolean {
  const [before, segment] = [timeline.segment(sequence - 1), timeline.segment(sequence)];
  return before !== undefined && segment !== undefined && !isJoined(timeline, before, segment);
}

function endOf(to: CutPoint): number {
  return to.isBoundary ? to.sequence : to.sequence + 1;
}

/** Every rendition can be decoded from here on. */
function canBegin(timeline: TimelineReader, sequence: number): boolean {
  const segment = timeline.segment(sequence);
  return !segment || videoTracks(timeline, segment).every((id) => segment.tracks[id]?.independent ?? true);
}

function nextBeginning(timeline: TimelineReader, from: CutPoint): number {
  let sequence = from.sequence + 1;
  while (
    isSamePeriod(timeline, from.sequence, sequence) &&
    !canBegin(timeline, sequence) &&
    sequence < from.sequence + mostSegments
  )
    sequence++;
  return sequence;
}

function isSamePeriod(timeline: TimelineReader, a: number, b: number): boolean {
  return timeline.segment(a)?.period === timeline.segment(b)?.period;
}

function boundaryAt(timeline: TimelineReader, sequence: number): CutPoint {
  return { sequence, atMs: timeline.segment(sequence)?.startMs ?? Infinity, isBoundary: true };
}

function videoTracks(timeline: TimelineReader, segment: Segment): string[] {
  const tracks = timeline.periods.find(({ index }) => index === segment.period)?.tracks ?? [];
  return tracks.filter(({ kind }) => kind === 'video').map(({ id }) => id);
}
