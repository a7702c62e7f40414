import type { SmoothTime } from '../../media/mp4/smoothFragment.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { StreamKind } from './chunk.ts';
import { chunkOf, type Chunk } from './findChunk.ts';
import type { TrackInits } from './trackInits.ts';

/** A segment that is late by more is not waited for: the broadcast is interrupted. */
const patienceTargetDurations = 3;

/**
 * What comes after a chunk in its stream, waited for while the broadcast goes on: nothing after the last one of an
 * ended broadcast, undefined when it does not come in time.
 */
export async function followingChunk(
  timeline: TimelineReader,
  kind: StreamKind,
  chunk: Chunk,
  inits: TrackInits,
): Promise<readonly SmoothTime[] | undefined> {
  const deadlineMs = performance.now() + patienceTargetDurations * 1000 * Math.max(1, timeline.targetDurationSeconds);
  for (let sequence = chunk.segment.sequence + 1; ;) {
    const { version, ended } = timeline;
    for (let segment = timeline.segment(sequence); segment; segment = timeline.segment(++sequence)) {
      const next = await chunkOf(segment, kind, inits);
      if (next && next.time.start > chunk.time.start) return [next.time];
    }
    if (ended) return [];
    if (timeline.version === version && !(await changes(timeline, deadlineMs - performance.now()))) return undefined;
  }
}

/** Whether something changes within this time. */
function changes(timeline: TimelineReader, withinMs: number): Promise<boolean> {
  if (withinMs <= 0) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (changed: boolean) => {
      clearTimeout(timer);
      stopListening();
      resolve(changed);
    };
    const timer = setTimeout(() => settle(false), withinMs).unref();
    const stopListening = timeline.onChanged(() => settle(true));
  });
}
