import { spansOf, type Composition, type Compositions } from './compositions.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import type { StorageUsage } from './segmentStore.ts';
import { intersectSpans, uniteSpans, type Span } from './sequenceSpans.ts';
import type { StoredTimelines } from './storedTimelines.ts';

export interface StorageUsageParts {
  readonly compositions: Compositions;
  readonly timelines: StoredTimelines;
  readonly index: SegmentIndex;
}

/** Of an entry (its windows and compositions) or of one composition. Two rows are read for each stretch. */
export async function storageUsage(
  owner: string,
  { compositions, timelines, index }: StorageUsageParts,
): Promise<StorageUsage> {
  const isOwn = ({ name, entryId }: Composition) => name === owner || entryId === owner;
  const ids = new Set(timelines.ofEntry(owner).map(({ timeline }) => timeline.id));
  for (const composition of compositions.ofOwner(owner))
    for (const { timelineId } of composition.ranges) ids.add(timelineId);
  let bytes = 0;
  let sharedBytes = 0;
  for (const id of ids) {
    const naming = compositions.naming(id);
    const own = spansOf(naming.filter(isOwn), id);
    const others = spansOf(
      naming.filter((composition) => !isOwn(composition)),
      id,
    );
    const timeline = timelines.kept(id)?.timeline;
    if (timeline) (timeline.entryId === owner ? own : others).push({ first: timeline.oldest, end: Infinity });
    bytes += await bytesIn(index, id, uniteSpans(own));
    sharedBytes += await bytesIn(index, id, intersectSpans(own, others));
  }
  return { bytes, sharedBytes };
}

/** What is needed has no holes, so that the counts at both ends give the sum. */
async function bytesIn(index: SegmentIndex, timelineId: string, spans: readonly Span[]): Promise<number> {
  let bytes = 0;
  for (const span of spans) {
    const first = await index.firstSegment(timelineId, span);
    const last = first && (await index.lastSegment(timelineId, span));
    if (last) bytes += last.bytes_before + last.bytes - first.bytes_before;
  }
  return bytes;
}
