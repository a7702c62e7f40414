import type { SmoothTime } from '../../media/mp4/smoothFragment.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { longestWaitMs, whenGrown } from '../whenGrown.ts';
import type { StreamKind } from './chunk.ts';
import { chunkOf, type Chunk } from './findChunk.ts';
import type { TrackInits } from './trackInits.ts';

/**
 * What comes after a chunk in its stream, waited for while the broadcast goes on: nothing after the last one of an
 * ended broadcast, undefined when it does not come in time.
 */
export async function followingChunk(
  timeline: TimelineReader,
  kind: StreamKind,
  chunk: Chunk,
  inits: TrackInits,
  signal?: AbortSignal,
): Promise<readonly SmoothTime[] | undefined> {
  const deadlineMs = performance.now() + longestWaitMs(timeline);
  const changes = { onGrown: (listener: () => void) => timeline.onChanged(listener) };
  for (let sequence = chunk.segment.sequence + 1; ;) {
    const { version, ended } = timeline;
    for (let segment = timeline.segment(sequence); segment; segment = timeline.segment(++sequence)) {
      const next = await chunkOf(segment, kind, inits);
      if (next && next.time.start > chunk.time.start) return [next.time];
    }
    if (ended) return [];
    const patience = { withinMs: deadlineMs - performance.now(), signal };
    if (!(await whenGrown(changes, () => timeline.version !== version, patience))) return undefined;
  }
}
