import type { SegmentIndex } from './segmentIndex.ts';
import type { Timeline } from './timeline.ts';
import type { TimelineFolder } from './disk/timelineFolder.ts';

/** Segments deleted per call and timeline: enough to keep up, few enough not to keep the disk busy. */
const deletedAtOnce = 100;

/** Moves the window on and deletes what has had its grace: rows first, so that a crash leaves files, not holes. */
export async function deleteExpired(
  timeline: Timeline,
  folder: TimelineFolder,
  index: SegmentIndex,
  nowMs: number,
): Promise<void> {
  timeline.evict(nowMs);
  const { segments, folderFloor } = timeline.takeExpired(nowMs, deletedAtOnce);
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last) return;
  if (timeline.storedCount === 0) await keepFloors(timeline, index);
  await index.removeSegments(timeline.id, first.segment.sequence, last.segment.sequence + 1);
  for (const { segment, folder: number, file } of segments)
    for (const trackId of Object.keys(segment.tracks)) await folder.removeMedia(number, trackId, file);
  await index.removePeriodsBelow(timeline.id, folderFloor);
  await folder.removePeriodsBelow(folderFloor);
}

async function keepFloors(timeline: Timeline, index: SegmentIndex): Promise<void> {
  await index.changeTimeline(timeline.id, {
    sequence_floor: timeline.nextSequence,
    period_floor: timeline.nextPeriod,
    target_duration_seconds: timeline.targetDurationSeconds,
  });
}
