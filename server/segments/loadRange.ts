import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { PartSource } from './composedPart.ts';
import { unpackPeriod } from './packPeriodTracks.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import { fromSegmentRow } from './segmentRow.ts';
import type { SegmentRange } from './segmentStore.ts';
import type { StoredSegment } from './storedSegment.ts';
import type { KnownTimeline } from './storedTimelines.ts';

/** Rows read at once: a few milliseconds in which nothing else is answered. */
const rowsAtOnce = 500;

/**
 * Reads a range: from memory what its timeline has there, the rest from the index. Undefined when there is nothing in it,
 * nor will be. What is appended between its return and the next turn of the event loop is not missed by anyone.
 */
export async function loadRange(
  range: SegmentRange,
  find: (timelineId: string) => KnownTimeline | undefined,
  index: SegmentIndex,
): Promise<(PartSource & { readonly epochMs: number }) | undefined> {
  const { timelineId } = range;
  const end = range.end ?? Infinity;
  const periods = new Map((await index.periods(timelineId)).map((row) => [row.folder, unpackPeriod(row)]));
  const segments: StoredSegment[] = [];
  let longestSeconds = 0;
  let next = range.first;
  for (;;) {
    const known = find(timelineId);
    if (!known) return undefined;
    const { timeline, firstSequence, folder, epochMs } = known;
    next = Math.max(next, firstSequence);
    const below = Math.min(end, timeline?.oldest ?? Infinity);
    if (next < below) {
      const rows = await index.segments(timelineId, { first: next, end: below }, rowsAtOnce);
      for (const row of rows) {
        segments.push({ segment: fromSegmentRow(row), folder: row.folder, file: row.file });
        longestSeconds = Math.max(longestSeconds, row.target_duration_seconds);
      }
      const last = rows.at(-1);
      next = last ? last.sequence + 1 : below;
      if (last) await yieldToOthers();
      continue;
    }
    // What is in memory comes without a pause, so that it follows the rows, and what is appended next follows it.
    for (let stored = timeline?.stored(next); stored && next < end; stored = timeline?.stored(++next))
      segments.push(stored);
    const live = range.end === null && timeline?.ended === false ? timeline : undefined;
    const first = segments[0]?.segment;
    if (!first && !live) return undefined;
    return {
      timelineId,
      files: folder,
      firstSequence: first?.sequence ?? live!.nextSequence,
      firstPeriod: first?.period ?? live!.nextPeriod,
      fromStart: (first?.sequence ?? live!.nextSequence) === firstSequence,
      segments,
      periods,
      targetDurationSeconds: Math.max(longestSeconds, timeline?.targetDurationSeconds ?? 0),
      live,
      epochMs,
    };
  }
}
