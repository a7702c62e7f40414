import type { Logger } from '../log.ts';
import { deleteExpired } from './deleteExpired.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import type { SegmentStore, TimelineWriter } from './segmentStore.ts';
import type { TimelineReader } from './timelineReader.ts';
import type { TimelineFloorRow } from './segmentTables.ts';
import { Timeline } from './timeline.ts';
import { checkWindow, DiskTimelineWriter } from './timelineWriter.ts';
import { TimelineFolder } from './disk/timelineFolder.ts';

export interface KeptTimeline {
  readonly timeline: Timeline;
  readonly folder: TimelineFolder;
  /** Its place among the timelines of its entry. */
  readonly ordinal: number;
  writer?: DiskTimelineWriter;
}

export interface DiskSegmentStoreOptions {
  readonly directory: string;
  readonly index: SegmentIndex;
  readonly log: Logger;
  readonly now: () => number;
  readonly maxHeldBytes: number;
  readonly evictionIntervalMs: number;
}

type WriteRequest = Parameters<SegmentStore['write']>[0];

/** The store on a local disk: files for media, an SQL index beside them, timelines in memory. */
export class DiskSegmentStore implements SegmentStore {
  readonly #options: DiskSegmentStoreOptions;
  readonly #timelines = new Map<string, KeptTimeline>();
  /** By entry, oldest first. */
  readonly #entries = new Map<string, KeptTimeline[]>();
  /** By entry: what its dropped timelines had. */
  readonly #floors = new Map<string, TimelineFloorRow>();
  readonly #evicting: NodeJS.Timeout;
  /** Creating, deleting and evicting follow one another. */
  #last: Promise<unknown> = Promise.resolve();
  #evictionPending = false;
  #evictionFailing = false;
  #closing: Promise<void> | undefined;

  /** `kept`: what was stored before, in the order of its ordinals. */
  constructor(options: DiskSegmentStoreOptions, kept: readonly KeptTimeline[], floors: readonly TimelineFloorRow[]) {
    this.#options = options;
    for (const floor of floors) this.#floors.set(floor.entry_id, floor);
    for (const timeline of kept) this.#keep(timeline);
    this.#evicting = setInterval(() => this.#evict(), options.evictionIntervalMs).unref();
  }

  write(request: WriteRequest): Promise<TimelineWriter> {
    return this.#serially(async () => {
      if (this.#closing) throw new Error('the segment store is closed');
      checkWindow(request.windowSeconds);
      const kept = this.#timelines.get(request.id) ?? (await this.#create(request));
      const { timeline, folder } = kept;
      if (timeline.entryId !== request.entryId) throw new Error(`timeline ${timeline.id} is another entry’s`);
      if (timeline.ended) throw new Error(`timeline ${timeline.id} has ended`);
      await kept.writer?.release();
      const { index, log, now, maxHeldBytes } = this.#options;
      const child = log.child({ entryId: timeline.entryId, timelineId: timeline.id });
      const writer = new DiskTimelineWriter({ timeline, folder, index, log: child, now, maxHeldBytes });
      if (timeline.windowSeconds !== request.windowSeconds) writer.setWindow(request.windowSeconds);
      kept.writer = writer;
      return writer;
    });
  }

  latest(entryId: string): TimelineReader | undefined {
    const timeline = this.#entries.get(entryId)?.at(-1)?.timeline;
    // One that was dropped came after it: going back to this one would take its viewers' sequences back.
    const goesBack = timeline && timeline.nextSequence < (this.#floors.get(entryId)?.sequence_floor ?? 0);
    return goesBack ? undefined : timeline;
  }

  timeline(id: string): TimelineReader | undefined {
    return this.#timelines.get(id)?.timeline;
  }

  deleteEntry(entryId: string): Promise<void> {
    return this.#serially(async () => {
      const timelines = this.#entries.get(entryId) ?? [];
      this.#entries.delete(entryId);
      for (const { timeline } of timelines) this.#timelines.delete(timeline.id);
      for (const kept of timelines) {
        await kept.writer?.abandon();
        await this.#delete(kept);
      }
      this.#floors.delete(entryId);
      await this.#options.index.removeFloor(entryId);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#evicting);
    await this.#last;
    await Promise.all(Array.from(this.#timelines.values(), async ({ writer }) => writer?.release()));
  }

  #keep(kept: KeptTimeline): void {
    const { id, entryId } = kept.timeline;
    this.#timelines.set(id, kept);
    this.#entries.set(entryId, [...(this.#entries.get(entryId) ?? []), kept]);
  }

  /** Starts above all the entry had before, so that a player on its address never sees numbers go back. */
  async #create(request: WriteRequest): Promise<KeptTimeline> {
    const { directory, index, log, now } = this.#options;
    const { id, entryId, epochMs, windowSeconds } = request;
    if (!Number.isFinite(epochMs)) throw new RangeError(`an epoch of ${epochMs} ms`);
    const before = this.#entries.get(entryId) ?? [];
    for (const kept of before) await this.#endForgotten(kept);
    const floor = this.#floors.get(entryId);
    const sequence = Math.max(floor?.sequence_floor ?? 0, ...before.map(({ timeline }) => timeline.nextSequence));
    const period = Math.max(floor?.period_floor ?? 0, ...before.map(({ timeline }) => timeline.nextPeriod));
    const ordinal = (before.at(-1)?.ordinal ?? -1) + 1;
    const folder = new TimelineFolder(directory, id, period, period);
    await index.addTimeline({
      id,
      entry_id: entryId,
      ordinal,
      epoch_ms: epochMs,
      window_seconds: windowSeconds,
      first_sequence: sequence,
      sequence_floor: sequence,
      period_floor: period,
      target_duration_seconds: 1,
      ended_ms: null,
    });
    const origin = { id, entryId, epochMs, windowSeconds, targetDurationSeconds: 1, ended: false, version: now() };
    const timeline = new Timeline(
      { ...origin, firstSequence: sequence, sequenceFloor: sequence, periodFloor: period },
      folder,
      (error) => log.error({ err: error, timelineId: id }, 'a listener to the timeline failed'),
    );
    const kept = { timeline, folder, ordinal };
    this.#keep(kept);
    return kept;
  }

  /** An older timeline that nobody writes to any more will get no more media once there is a newer one. */
  async #endForgotten({ timeline, folder, writer }: KeptTimeline): Promise<void> {
    if (timeline.ended || writer?.open) return;
    await new DiskTimelineWriter({ ...this.#options, timeline, folder }).end();
  }

  #evict(): void {
    if (this.#evictionPending) return;
    this.#evictionPending = true;
    void this.#serially(async () => {
      try {
        for (const kept of Array.from(this.#timelines.values())) await this.#evictFrom(kept);
        this.#evictionFailing = false;
      } catch (error) {
        if (!this.#evictionFailing) this.#options.log.error({ err: error }, 'old media could not be deleted');
        this.#evictionFailing = true;
      }
      this.#evictionPending = false;
    });
  }

  async #evictFrom(kept: KeptTimeline): Promise<void> {
    const { timeline, folder } = kept;
    const { index, now } = this.#options;
    await deleteExpired(timeline, folder, index, now());
    if (!timeline.ended || timeline.storedCount > 0) return;
    await this.#keepFloor(timeline);
    this.#timelines.delete(timeline.id);
    const others = (this.#entries.get(timeline.entryId) ?? []).filter((other) => other !== kept);
    if (others.length > 0) this.#entries.set(timeline.entryId, others);
    else this.#entries.delete(timeline.entryId);
    await this.#delete(kept);
  }

  async #keepFloor({ entryId, nextSequence, nextPeriod }: Timeline): Promise<void> {
    const before = this.#floors.get(entryId);
    const floor = {
      entry_id: entryId,
      sequence_floor: Math.max(nextSequence, before?.sequence_floor ?? 0),
      period_floor: Math.max(nextPeriod, before?.period_floor ?? 0),
    };
    this.#floors.set(entryId, floor);
    await this.#options.index.keepFloor(floor);
  }

  async #delete({ timeline, folder }: KeptTimeline): Promise<void> {
    const { index } = this.#options;
    await index.removeSegments(timeline.id, timeline.nextSequence - timeline.storedCount, timeline.nextSequence);
    await index.removeTimeline(timeline.id);
    await folder.remove();
  }

  #serially<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
