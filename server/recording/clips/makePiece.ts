import type { FfmpegTask } from '../../transcode/ffmpegTask.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { Mp4Error } from '../../media/mp4/box.ts';
import type { Piece } from './cutPlan.ts';
import { copiedPictures, copiedSamples, encodedPictures, encodedSound, type MadeTrack } from './madeTrack.ts';
import { pieceTask } from './pieceTask.ts';
import { readPieceTrack, type PieceTrack } from './pieceTrack.ts';
import type { PieceEdges } from './soundFrames.ts';

/** Runs ffmpeg; `FfmpegTasks` does. */
export interface TaskRunner {
  run(task: FfmpegTask): Promise<Buffer[]>;
}

export interface PieceRequest {
  readonly timeline: TimelineReader;
  readonly piece: Piece;
  readonly edges: PieceEdges;
  readonly signal?: AbortSignal;
}

/** The frames of a piece, encoded so that they begin with a key frame, in every track that has some. */
export async function makePiece(tasks: TaskRunner, request: PieceRequest): Promise<MadeTrack[]> {
  const { timeline, piece, edges, signal } = request;
  const period = timeline.segment(piece.first)?.period;
  const tracks = timeline.periods.find(({ index }) => index === period)?.tracks ?? [];
  const read = await Promise.all(tracks.map((track) => readPieceTrack(timeline, piece, track)));
  const parts = read.filter((part) => part !== undefined).filter(({ fromTicks, toTicks }) => fromTicks < toTicks);
  const copied = new Map(parts.map((part) => [part, copyOf(part)]));
  const encoded = parts.filter((part) => !copied.get(part));
  const outputs = encoded.length > 0 ? await tasks.run(pieceTask(encoded, edges, signal)) : [];
  const made = parts.map((part) => {
    const bytes = outputs[encoded.indexOf(part)];
    if (!bytes) return copied.get(part);
    if (part.track.kind === 'audio') return encodedSound(part, bytes, edges) ?? copiedSamples(part);
    const pictures = encodedPictures(part, bytes);
    if (!pictures) throw new Mp4Error(`nothing of ${part.track.id} could be decoded`);
    return pictures;
  });
  return made.filter((track) => track !== undefined);
}

/** What needs no encoder. */
function copyOf(part: PieceTrack): MadeTrack | undefined {
  if (part.track.kind === 'video') return copiedPictures(part);
  return part.track.kind === 'audio' ? undefined : copiedSamples(part);
}
