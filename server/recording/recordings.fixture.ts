import type { Segment } from '../media/timeline.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import type { SegmentRange } from '../segments/segmentStore.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import type { CatalogEntry, KnownRecording, NewVideo, RecordedEntries, RecordingRows } from './recordingCatalog.ts';

/** A catalog in memory. */
export class MemoryCatalog implements RecordedEntries, RecordingRows {
  readonly entries = new Map<string, CatalogEntry>();
  readonly rows = new Map<string, KnownRecording>();

  get(id: string) {
    return Promise.resolve(this.entries.get(id));
  }
  createVideo(input: NewVideo) {
    const { name, description, tags, createdBy, profileId, retentionDays, ...video } = input;
    const about = { name, description, tags, createdBy, profileId, retentionDays };
    const entry = { ...about, id: `0_recorded${this.entries.size}`, recording: 'off' as const, video };
    this.entries.set(entry.id, entry);
    return Promise.resolve(entry);
  }
  setVideo(id: string, changes: object) {
    const entry = this.entries.get(id);
    if (entry?.video) this.entries.set(id, { ...entry, video: { ...entry.video, ...changes } });
    return Promise.resolve(entry);
  }
  delete(id: string) {
    return Promise.resolve(this.entries.delete(id));
  }
  idsRecording() {
    const recording = [...this.entries.values()].filter(({ video }) => video?.status === 'recording');
    return Promise.resolve(recording.map(({ id }) => id));
  }
  all() {
    return Promise.resolve([...this.rows.values()]);
  }
  put(recording: KnownRecording) {
    this.rows.set(recording.entryId, recording);
    return Promise.resolve();
  }
}

/** Compositions in memory, of timelines in memory. */
export class MemoryCompositions {
  readonly timelines = new Map<string, MemoryTimeline>();
  readonly ranges = new Map<string, readonly SegmentRange[]>();
  /** Set to make composing fail. */
  failure: Error | undefined;

  broadcast(id: string, entryId: string): MemoryTimeline {
    const timeline = new MemoryTimeline({ id, entryId });
    this.timelines.set(id, timeline);
    return timeline;
  }
  compose(name: string, _entryId: string, ranges: readonly SegmentRange[]) {
    if (this.failure) return Promise.reject(this.failure);
    this.ranges.set(name, ranges);
    return Promise.resolve();
  }
  composed(name: string) {
    const ranges = this.ranges.get(name);
    const segments = ranges?.flatMap((range) => this.#segmentsOf(range));
    return Promise.resolve(segments && ({ id: name, segments } as unknown as TimelineReader));
  }
  rangesOf({ id }: TimelineReader) {
    const closed = ({ timelineId, first, end }: SegmentRange): SegmentRange => {
      const last = this.timelines.get(timelineId)?.segments.at(-1)?.sequence ?? first - 1;
      return { timelineId, first, end: end ?? last + 1 };
    };
    return (this.ranges.get(id) ?? []).map(closed);
  }
  decompose(name: string) {
    this.ranges.delete(name);
    return Promise.resolve();
  }

  #segmentsOf({ timelineId, first, end }: SegmentRange): Segment[] {
    const segments = this.timelines.get(timelineId)?.segments ?? [];
    return segments.filter(({ sequence }) => sequence >= first && (end === null || sequence < end));
  }
}
