import type { SmoothTime } from '../../media/mp4/smoothFragment.ts';
import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { lastStartingBefore } from '../cmaf/segment.ts';
import { leadingTrack, mediaTime, smoothTimescale, type StreamKind } from './chunk.ts';
import type { TrackInits } from './trackInits.ts';

/** How far a stream's media may begin before or after its segment: one long audio frame. */
const toleranceMs = 100;
/** How many segments that have just left the window are looked through. */
const mostLeftSegments = 200;

export interface Chunk {
  readonly segment: Segment;
  readonly time: SmoothTime;
}

/** What a segment is in a stream. Undefined when it has nothing for it. */
export async function chunkOf(segment: Segment, kind: StreamKind, inits: TrackInits): Promise<Chunk | undefined> {
  const id = leadingTrack(segment, kind);
  const init = id === undefined ? undefined : await inits.of(segment.period, id);
  return init && { segment, time: mediaTime(segment.tracks[id!]!, init.timescale) };
}

/** The chunk of a stream that begins at exactly this time. */
export async function findChunk(
  timeline: TimelineReader,
  kind: StreamKind,
  start: number,
  inits: TrackInits,
): Promise<Chunk | undefined> {
  for (const segment of segmentsAt(timeline, (start / smoothTimescale) * 1000)) {
    const chunk = await chunkOf(segment, kind, inits);
    if (chunk?.time.start === start) return chunk;
  }
  return undefined;
}

/** The segments that may begin at a position, those that have just left the window included. */
function* segmentsAt(timeline: TimelineReader, positionMs: number): Generator<Segment> {
  const { segments } = timeline;
  const endsBefore = ({ startMs, durationMs }: Segment) => startMs + durationMs + toleranceMs < positionMs;
  for (let index = lastStartingBefore(segments, positionMs + toleranceMs); index >= 0; index--) {
    const segment = segments[index]!;
    if (endsBefore(segment)) return;
    yield segment;
  }
  const first = segments[0]?.sequence ?? 0;
  for (let left = 1; left <= mostLeftSegments; left++) {
    const segment = timeline.segment(first - left);
    if (!segment || endsBefore(segment)) return;
    if (segment.startMs <= positionMs + toleranceMs) yield segment;
  }
}
