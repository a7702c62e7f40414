import type { Segment } from '../media/timeline.ts';
import type { SegmentRange, SegmentStore } from '../segments/segmentStore.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import type { RecordingParts } from './broadcastRecording.ts';
import { newRecording } from './newRecording.ts';
import type { CatalogEntry, KnownRecording } from './recordingCatalog.ts';
import { nameRecording, reasonForNewRecording, type FormerRecording, type RecordingMode } from './recordingRules.ts';
import { lengthOf } from './spanOf.ts';

/** What a broadcast has in one recorded entry. */
export interface Part {
  readonly known: KnownRecording;
  /** What former broadcasts have brought, and this one before it was stopped. */
  readonly closed: readonly SegmentRange[];
  recordedMs: number;
}

interface OpenedPart {
  readonly part: Part;
  /** Why it is another entry than before, for people; empty where nobody would ask. */
  readonly why: string;
  readonly message: string;
}

/** Goes on with the newest recording of a source or makes another one, for a broadcast from this segment on. */
export async function openPart(
  { entries, index, store, limitMs }: RecordingParts,
  source: CatalogEntry,
  mode: RecordingMode,
  { id, segment }: { readonly id: string; readonly segment: Segment },
): Promise<OpenedPart> {
  const newest = index.of(source.id).at(-1);
  const entry = newest && (await entries.get(newest.entryId));
  const composed = newest && entry?.video && (await store.composed(newest.entryId));
  const recordedMs = composed ? lengthOf(composed.segments) : 0;
  const former: FormerRecording | undefined =
    newest && entry?.video
      ? { ...entry.video, mode: newest.mode, recordedMs, ofThisBroadcast: newest.broadcastId === id }
      : undefined;
  const reason = reasonForNewRecording(mode, former, segment.durationMs, limitMs);
  const place = { broadcastId: id, firstSequence: segment.sequence, open: true };
  if (reason === undefined && newest && entry && composed) {
    await entries.setVideo(entry.id, { status: 'recording', failure: null });
    const part = { known: { ...newest, ...place }, closed: wholeOf(store, composed), recordedMs };
    return { part, why: '', message: `recording goes on in “${entry.name}”.` };
  }
  const number = (newest?.number ?? 0) + 1;
  const name = nameRecording(source.name, mode, number);
  const created = await entries.createVideo({ ...newRecording(source), name });
  const known = { entryId: created.id, sourceEntryId: source.id, mode, number, ...place };
  const part = { known, closed: [], recordedMs: 0 };
  return { part, why: reason ?? '', message: `recording to “${created.name}”.` };
}

/** All that is composed, as it is stored now. */
export function wholeOf(store: Pick<SegmentStore, 'rangesOf'>, composed: TimelineReader): readonly SegmentRange[] {
  const [first, last] = [composed.segments[0], composed.segments.at(-1)];
  return first && last ? store.rangesOf(composed, first.sequence, last.sequence + 1) : [];
}
