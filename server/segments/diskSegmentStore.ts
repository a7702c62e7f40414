import type { FileHandle } from 'node:fs/promises';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import { leastTargetSeconds } from '../media/targetDuration.ts';
import { checkRanges } from './checkRanges.ts';
import { ComposedTimeline } from './composedTimeline.ts';
import { spansOf, type Compositions } from './compositions.ts';
import { OpenCompositions } from './openCompositions.ts';
import { reclaimSome } from './reclaim.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import { fromTimelineRow, toTimelineRow } from './segmentRow.ts';
import type { SegmentRange, SegmentStore, StorageUsage, TimelineWriter } from './segmentStore.ts';
import { storageUsage } from './storageUsage.ts';
import type { KeptTimeline, StoredTimelines } from './storedTimelines.ts';
import { Timeline } from './timeline.ts';
import type { TimelineReader } from './timelineReader.ts';
import { checkWindow, DiskTimelineWriter } from './timelineWriter.ts';
import { FileSync } from './disk/fileSync.ts';
import { TimelineFolder } from './disk/timelineFolder.ts';

export interface DiskSegmentStoreOptions {
  readonly directory: string;
  readonly index: SegmentIndex;
  readonly timelines: StoredTimelines;
  readonly compositions: Compositions;
  readonly log: Logger;
  readonly now: () => number;
  readonly maxHeldBytes: number;
  readonly evictionIntervalMs: number;
  readonly syncFile?: (handle: FileHandle) => Promise<void>;
}

type WriteRequest = Parameters<SegmentStore['write']>[0];

/** Segments that leave a window at once. */
const expiredAtOnce = 100;
/** Steps of deleting, of 100 segments each. */
const stepsWaitedFor = 10;
/** The system has put folders and names on the disk, too, when this long has passed. */
const settlesAfterMs = 60_000;

/** The store on a local disk: files for media, an SQL index beside them, timelines with a window in memory. */
export class DiskSegmentStore implements SegmentStore {
  readonly #options: DiskSegmentStoreOptions;
  readonly #timelines: StoredTimelines;
  readonly #compositions: Compositions;
  readonly #opened: OpenCompositions;
  readonly #fileSync: FileSync;
  readonly #evicting: NodeJS.Timeout;
  /** Timelines that may have something nobody needs: also what earlier runs had begun to delete. */
  readonly #due: Set<string>;
  /** Whatever changes what is stored or needed follows one another. */
  #last: Promise<unknown> = Promise.resolve();
  #evictionPending = false;
  #evictionFailing = false;
  #closing: Promise<void> | undefined;

  constructor(options: DiskSegmentStoreOptions) {
    this.#options = options;
    this.#timelines = options.timelines;
    this.#compositions = options.compositions;
    this.#opened = new OpenCompositions(options);
    this.#fileSync = new FileSync({
      onFailed: (error) => options.log.error({ err: error }, 'media may be lost if the power fails'),
      ...(options.syncFile && { sync: options.syncFile }),
    });
    this.#due = new Set(options.timelines.ids());
    this.#evicting = setInterval(() => this.#evict(), options.evictionIntervalMs).unref();
  }

  write(request: WriteRequest): Promise<TimelineWriter> {
    return this.#serially(async () => {
      this.#refuseWhenClosed();
      checkWindow(request.windowSeconds);
      const retired = this.#timelines.retired(request.id);
      if (retired) throw new Error(`timeline ${request.id} has ended`);
      const kept = this.#timelines.kept(request.id) ?? (await this.#create(request));
      const { timeline, folder } = kept;
      if (timeline.entryId !== request.entryId) throw new Error(`timeline ${timeline.id} is another entry’s`);
      if (timeline.ended) throw new Error(`timeline ${timeline.id} has ended`);
      await kept.writer?.release();
      const { index, log, now, maxHeldBytes } = this.#options;
      const fileSync = this.#fileSync;
      const child = log.child({ entryId: timeline.entryId, timelineId: timeline.id });
      const writer = new DiskTimelineWriter({ timeline, folder, index, log: child, now, maxHeldBytes, fileSync });
      if (timeline.windowSeconds !== request.windowSeconds) writer.setWindow(request.windowSeconds);
      kept.writer = writer;
      return writer;
    });
  }

  latest(entryId: string): TimelineReader | undefined {
    return this.#timelines.latest(entryId);
  }

  timeline(id: string): TimelineReader | undefined {
    const kept = this.#timelines.kept(id);
    if (kept) return kept.timeline;
    const row = this.#timelines.retired(id);
    if (!row) return undefined;
    const { folder } = this.#timelines.find(id)!;
    return new Timeline({ ...fromTimelineRow(row), version: row.ended_ms ?? 0, mediaBytes: 0 }, folder, () => {});
  }

  async compose(name: string, entryId: string, ranges: readonly SegmentRange[]): Promise<void> {
    const { index } = this.#options;
    for (const { timelineId } of ranges) if (this.#due.has(timelineId)) await this.#reclaim(timelineId);
    const before = await this.#serially(async () => {
      this.#refuseWhenClosed();
      await checkRanges(ranges, (id) => this.#timelines.find(id), index);
      const own = ranges.map(({ timelineId, first, end }) => ({ timelineId, first, end }));
      await index.keepComposition({ name, entry_id: entryId, ranges: JSON.stringify(own) });
      const replaced = this.#compositions.get(name);
      this.#compositions.set({ name, entryId, ranges: own });
      this.#opened.forget(name);
      return replaced;
    });
    if (before) await this.#reclaimAll(before.ranges.map(({ timelineId }) => timelineId));
  }

  composed(name: string): Promise<TimelineReader | undefined> {
    return this.#opened.get(name);
  }

  rangesOf(timeline: TimelineReader, first: number, end: number): readonly SegmentRange[] {
    if (timeline instanceof ComposedTimeline) return timeline.rangesOf(first, end);
    const stored = this.#timelines.kept(timeline.id)?.timeline;
    if (!stored || stored !== timeline) return [];
    const range = { first: Math.max(first, stored.oldest), end: Math.min(end, stored.nextSequence) };
    return range.first < range.end ? [{ timelineId: stored.id, ...range }] : [];
  }

  async decompose(name: string): Promise<void> {
    const removed = await this.#serially(async () => {
      const composition = this.#compositions.get(name);
      if (!composition) return undefined;
      await this.#options.index.removeComposition(name);
      this.#compositions.delete(name);
      this.#opened.forget(name);
      return composition;
    });
    if (removed) await this.#reclaimAll(removed.ranges.map(({ timelineId }) => timelineId));
  }

  async deleteEntry(entryId: string): Promise<void> {
    const ids = await this.#serially(async () => {
      const timelines = this.#timelines.ofEntry(entryId);
      for (const kept of timelines) {
        await kept.writer?.abandon();
        await this.#timelines.retire(kept, this.#options.now());
      }
      await this.#timelines.forgetFloor(entryId);
      return timelines.map(({ timeline }) => timeline.id);
    });
    await this.#reclaimAll(ids);
  }

  owners(): ReadonlyMap<string, readonly string[]> {
    const owners = this.#compositions.owners();
    for (const { timeline } of this.#timelines.allKept())
      if (!owners.has(timeline.entryId)) owners.set(timeline.entryId, []);
    return owners;
  }

  usage(owner: string): Promise<StorageUsage> {
    return storageUsage(owner, this.#options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#evicting);
    await this.#last;
    await Promise.all(this.#timelines.allKept().map(async ({ writer }) => writer?.release()));
    await this.#fileSync.close();
  }

  async #create(request: WriteRequest): Promise<KeptTimeline> {
    const { directory, index, log, now } = this.#options;
    const { id, entryId, epochMs, windowSeconds } = request;
    if (!Number.isFinite(epochMs)) throw new RangeError(`an epoch of ${epochMs} ms`);
    for (const kept of this.#timelines.ofEntry(entryId)) await this.#endForgotten(kept);
    const { sequence, period, ordinal } = this.#timelines.nextOf(entryId);
    const folder = new TimelineFolder(directory, id, period);
    const origin = { id, entryId, epochMs, windowSeconds, firstSequence: sequence, sequenceFloor: sequence };
    const targetDurationSeconds = leastTargetSeconds;
    const timeline = new Timeline(
      { ...origin, periodFloor: period, targetDurationSeconds, endedAtMs: undefined, version: now(), mediaBytes: 0 },
      folder,
      (error) => log.error({ err: error, timelineId: id }, 'a listener to the timeline failed'),
    );
    await index.addTimeline(toTimelineRow(timeline, ordinal));
    const kept = { timeline, folder, ordinal };
    this.#timelines.keep(kept);
    return kept;
  }

  /** An older timeline that nobody writes to any more will get no more media once there is a newer one. */
  async #endForgotten({ timeline, folder, writer }: KeptTimeline): Promise<void> {
    if (timeline.ended || writer?.open) return;
    await new DiskTimelineWriter({ ...this.#options, fileSync: this.#fileSync, timeline, folder }).end();
  }

  #evict(): void {
    this.#opened.letGoOfIdle();
    if (this.#evictionPending) return;
    this.#evictionPending = true;
    void this.#evictAll().finally(() => (this.#evictionPending = false));
  }

  async #evictAll(): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    const attempt = (work: Promise<void>) => work.catch((error: unknown) => (failure = { error }));
    for (const kept of this.#timelines.allKept()) await attempt(this.#evictFrom(kept));
    for (const id of this.#due) {
      await attempt(this.#reclaim(id));
      await yieldToOthers();
    }
    if (failure && !this.#evictionFailing)
      this.#options.log.error({ err: failure.error }, 'old media could not be deleted');
    this.#evictionFailing = failure !== undefined;
  }

  /** Moves the window on. */
  #evictFrom(kept: KeptTimeline): Promise<void> {
    return this.#serially(async () => {
      const { timeline } = kept;
      const { index, now } = this.#options;
      timeline.evict(now());
      if (timeline.takeExpired(now(), expiredAtOnce).length > 0) this.#due.add(timeline.id);
      if (timeline.ended && timeline.oldest === timeline.nextSequence) {
        this.#due.add(timeline.id);
        if (this.#timelines.kept(timeline.id) === kept) await this.#timelines.retire(kept, now());
        return;
      }
      if (timeline.ended) kept.settlesAtMs ??= now() + settlesAfterMs;
      if (kept.settlesAtMs === undefined || kept.settlesAtMs > now() || this.#fileSync.isPending(timeline.id)) return;
      await index.changeTimeline(timeline.id, { settled: 1 });
      kept.settlesAtMs = Infinity;
    });
  }

  /** Deletes what was let go of. Of much, the rest goes later: nobody waits for it. */
  async #reclaimAll(timelineIds: Iterable<string>): Promise<void> {
    for (const id of new Set(timelineIds)) await this.#reclaim(id, stepsWaitedFor);
  }

  /** Deletes what nothing needs of a timeline, in steps between which others get their turn. */
  async #reclaim(id: string, mostSteps = Infinity): Promise<void> {
    this.#due.add(id);
    for (let step = 0; step < mostSteps && !this.#closing; step++) {
      if (await this.#serially(() => this.#reclaimSome(id))) continue;
      this.#due.delete(id);
      return;
    }
  }

  async #reclaimSome(id: string): Promise<boolean> {
    const known = this.#timelines.find(id);
    if (this.#closing || !known) return false;
    const naming = this.#compositions.naming(id);
    const needed = spansOf(naming, id);
    if (known.timeline) needed.push({ first: known.timeline.oldest, end: Infinity });
    if (await reclaimSome(known, needed, this.#options.index)) return true;
    if (known.timeline || naming.length > 0) return false;
    await known.folder.remove();
    await this.#timelines.drop(id);
    return false;
  }

  #refuseWhenClosed(): void {
    if (this.#closing) throw new Error('the segment store is closed');
  }

  #serially<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
