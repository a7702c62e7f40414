import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { CutPoint } from './cutPoint.ts';
import type { Piece } from './cutPlan.ts';
import { presentationTimes, readStoredSamples, type StoredSample, type StoredSamples } from './storedSamples.ts';

/** One track of a piece: what is to be decoded, and which part of it the piece shows. */
export interface PieceTrack {
  readonly track: Track;
  readonly initBytes: Buffer;
  /** Files of segments, in order: those of the piece and what its decoder has to know of before (of sound, of after, too). */
  readonly files: readonly Buffer[];
  /** In decoding order, of all files. */
  readonly samples: readonly StoredSample[];
  /** Presentation times: of the first that is in the piece, and of the first that is not any more. */
  readonly fromTicks: number;
  readonly toTicks: number;
}

/** A picture is decoded from the key frame before it; one that is further back than this is not looked for. */
const mostSegmentsBack = 15;

/** Reads what a track has of a piece; undefined when it has nothing. */
export async function readPieceTrack(
  timeline: TimelineReader,
  piece: Piece,
  track: Track,
): Promise<PieceTrack | undefined> {
  const first = firstOf(timeline, piece, track);
  const end = track.kind === 'video' ? piece.end : piece.end + 1;
  const period = timeline.segment(piece.first)?.period;
  const read = new Map<number, StoredSamples>();
  for (let sequence = first; sequence < end; sequence++) {
    if (timeline.segment(sequence)?.period !== period) continue;
    const stored = await readStoredSamples(timeline, sequence, track.id);
    if (stored) read.set(sequence, stored);
  }
  const inside = [...read].flatMap(([sequence, { samples }]) =>
    sequence >= piece.first && sequence < piece.end ? samples : [],
  );
  const [any] = read.values();
  if (!any || inside.length === 0) return undefined;
  const times = presentationTimes(inside);
  const place = (point: CutPoint, boundary: number) => (point.isBoundary ? boundary : placeOf(point, track, times));
  return {
    track,
    initBytes: any.initBytes,
    files: Array.from(read.values(), ({ bytes }) => bytes),
    samples: Array.from(read.values(), ({ samples }) => samples).flat(),
    fromTicks: place(piece.from, times.starts[0]!),
    toTicks: place(piece.to, times.end),
  };
}

/** Of pictures, the frame that is nearest: renditions agree to within a millisecond. Of all else, the very time. */
function placeOf({ atMs }: CutPoint, track: Track, { starts, end }: { starts: number[]; end: number }): number {
  const ticks = Math.round((atMs * track.timescale) / 1000);
  if (track.kind !== 'video') return ticks;
  return [...starts, end].reduce((best, at) => (Math.abs(at - ticks) < Math.abs(best - ticks) ? at : best));
}

/** The first segment that is read for a piece. */
export function decodedFrom(timeline: TimelineReader, piece: Piece): number {
  const period = timeline.periods.find(({ index }) => index === timeline.segment(piece.first)?.period);
  const firsts = period?.tracks.map((track) => firstOf(timeline, piece, track)) ?? [];
  return Math.min(piece.first, ...firsts);
}

function firstOf(timeline: TimelineReader, piece: Piece, { kind, id }: Track): number {
  return kind === 'video' ? keyFrameBefore(timeline, piece.first, id) : piece.first - 1;
}

function keyFrameBefore(timeline: TimelineReader, sequence: number, trackId: string): number {
  const period = timeline.segment(sequence)?.period;
  for (let back = 0; back <= mostSegmentsBack; back++) {
    const segment = timeline.segment(sequence - back);
    if (!segment || segment.period !== period) break;
    if (segment.tracks[trackId]?.independent) return sequence - back;
  }
  return sequence;
}
