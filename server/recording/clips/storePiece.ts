import type { SegmentRange, SegmentStore } from '../../segments/segmentStore.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { Piece } from './cutPlan.ts';
import type { MadeTrack } from './madeTrack.ts';
import { pieceSegments } from './pieceSegments.ts';

export interface PiecePlace {
  /** Of the timeline that is made for it. */
  readonly id: string;
  /** Whose timeline it is until something is composed of it. */
  readonly ownerId: string;
}

/** Stores a piece as a timeline of its own, with the positions and the clock of the one it was made of. */
export async function storePiece(
  store: Pick<SegmentStore, 'write'>,
  place: PiecePlace,
  source: { readonly timeline: TimelineReader; readonly piece: Piece },
  tracks: readonly MadeTrack[],
): Promise<SegmentRange> {
  const segments = pieceSegments(tracks);
  const began = source.timeline.segment(source.piece.first);
  const startMs = Math.floor(segments[0]?.startMs ?? NaN);
  if (!began || Number.isNaN(startMs)) throw new Error('a piece without media');
  const { epochMs } = source.timeline;
  const writer = await store.write({ id: place.id, entryId: place.ownerId, epochMs, windowSeconds: 0 });
  try {
    const period = await writer.startPeriod({ startMs, tracks: tracks.map(({ track }) => track) });
    for (const segment of segments) {
      const at = Math.floor(segment.startMs);
      const open = period.openSegment({ startMs: at, wallClockMs: began.wallClockMs + at - began.startMs });
      for (const [trackId, fragments] of segment.fragments) for (const part of fragments) open.append(trackId, part);
      await open.complete();
    }
    await writer.end();
  } catch (error) {
    await writer.close();
    throw error;
  }
  const stored = writer.timeline.segments;
  if (stored.length === 0) throw new Error('a piece could not be stored');
  return { timelineId: place.id, first: stored[0]!.sequence, end: stored.at(-1)!.sequence + 1 };
}
