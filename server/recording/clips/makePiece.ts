import type { FfmpegTask } from '../../transcode/ffmpegTask.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { Mp4Error } from '../../media/mp4/box.ts';
import type { Piece } from './cutPlan.ts';
import { copiedPictures, copiedSamples, encodedPictures, encodedSound, type MadeTrack } from './madeTrack.ts';
import { pieceTask } from './pieceTask.ts';
import { readPieceTrack, type PieceTrack } from './pieceTrack.ts';

/** Runs ffmpeg; `FfmpegTasks` does. */
export interface TaskRunner {
  run(task: FfmpegTask): Promise<Buffer[]>;
}

export interface PieceRequest {
  readonly timeline: TimelineReader;
  readonly piece: Piece;
  /** Nothing comes after it. */
  readonly isEnd: boolean;
  readonly signal?: AbortSignal;
}

/** The frames of a piece, encoded so that they begin with a key frame, in every track that has some. */
export async function makePiece(tasks: TaskRunner, request: PieceRequest): Promise<MadeTrack[]> {
  const { timeline, piece, isEnd, signal } = request;
  const period = timeline.segment(piece.first)?.period;
  const tracks = timeline.periods.find(({ index }) => index === period)?.tracks ?? [];
  const read = await Promise.all(tracks.map((track) => readPieceTrack(timeline, piece, track)));
  const parts = read.filter((part) => part !== undefined).filter(({ fromTicks, toTicks }) => fromTicks < toTicks);
  const copied = new Map(parts.map((part) => [part, copyOf(part)]));
  const encoded = parts.filter((part) => !copied.get(part));
  const outputs = encoded.length > 0 ? await tasks.run(pieceTask(encoded, isEnd, signal)) : [];
  const made = parts.map((part) => {
    const bytes = outputs[encoded.indexOf(part)];
    if (!bytes) return copied.get(part);
    if (part.track.kind === 'audio') return encodedSound(part, bytes, isEnd) ?? copiedSamples(part);
    const pictures = encodedPictures(part, bytes);
    if (!pictures) throw new Mp4Error(`nothing of ${part.track.id} could be decoded`);
    return pictures;
  });
  return made.filter((track) => track !== undefined);
}

/** What needs no encoder. Only AAC-LC has one here: other sound is cut at the nearest frame. */
function copyOf(part: PieceTrack): MadeTrack | undefined {
  const { track } = part;
  if (track.kind === 'video') return copiedPictures(part);
  const isEncoded = track.kind === 'audio' && track.codec === 'mp4a.40.2' && track.timescale === track.sampleRate;
  return isEncoded ? undefined : copiedSamples(part);
}
