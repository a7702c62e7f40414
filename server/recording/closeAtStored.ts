import type { RecordingParts } from './broadcastRecording.ts';
import { wholeOf } from './openPart.ts';
import { rangesBefore } from './rangesBefore.ts';
import type { KnownRecording } from './recordingCatalog.ts';
import { spanOf } from './spanOf.ts';

/** A broadcast from the first segment on that is not in its recording. */
interface Rest {
  readonly timelineId: string;
  readonly first: number;
}

/** Completes a recording that could not be gone on with, at what has been stored of it. Idempotent: rejects when it is to be tried again. */
export async function closeAtStored(
  { entries, index, store }: Pick<RecordingParts, 'entries' | 'index' | 'store'>,
  known: KnownRecording,
  rest: Rest,
  failure: string | null,
): Promise<void> {
  const { entryId } = known;
  const composed = await store.composed(entryId);
  const ranges = rangesBefore(composed ? wholeOf(store, composed) : [], rest.timelineId, rest.first);
  if (ranges.length > 0) await store.compose(entryId, entryId, ranges);
  else await store.decompose(entryId);
  const stored = ranges.length > 0 ? await store.composed(entryId) : undefined;
  const durationMs = stored ? spanOf(stored.segments) : 0;
  await entries.setVideo(entryId, { status: stored ? 'ready' : 'failed', failure, durationMs });
  await index.put({ ...known, open: false });
}
