import type { FileHandle } from 'node:fs/promises';
import type { TrackSegment } from '../media/timeline.ts';
import type { Track } from '../media/track.ts';
import type { Logger } from '../log.ts';
import { closedPeriod, closedSegment } from './closedPeriod.ts';
import { OpenPeriod } from './openPeriod.ts';
import { OpenSegment, type SegmentPublisher } from './openSegment.ts';
import { unpackTracks } from './packTracks.ts';
import { segmentDurationMs } from './segmentDuration.ts';
import { toSegmentRow } from './segmentRow.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import type { PeriodWriter, SegmentWriter, TimelineWriter, TrackWithInit } from './segmentStore.ts';
import { StorageError, storageError } from './storageError.ts';
import type { Timeline } from './timeline.ts';
import type { FileSync } from './disk/fileSync.ts';
import type { TimelineFolder } from './disk/timelineFolder.ts';

export interface TimelineWriterOptions {
  readonly timeline: Timeline;
  readonly folder: TimelineFolder;
  readonly index: SegmentIndex;
  readonly log: Logger;
  readonly now: () => number;
  /** Media waiting for the disk; more than that fails the segment that brings it. */
  readonly maxHeldBytes: number;
  readonly fileSync: FileSync;
}

/** Of what may be held. */
const drainedShare = 4;

/**
 * Writes one timeline. A segment that cannot be stored fails, and with it the rest of its period; the next segment that
 * is opened begins a new period, so that a broadcast goes on by itself as soon as the disk does.
 */
export class DiskTimelineWriter implements TimelineWriter, SegmentPublisher {
  readonly timeline: Timeline;
  readonly folder: TimelineFolder;
  readonly #index: SegmentIndex;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #maxHeldBytes: number;
  readonly #fileSync: FileSync;
  /** Neither published nor failed, in the order of opening. */
  #open: OpenSegment[] = [];
  readonly #publications = new WeakMap<OpenSegment, Promise<void>>();
  /** The last publication begun; each waits for the one before. Never rejects. */
  #tail: Promise<void> = Promise.resolve();
  /** What goes on beside the publications; closing waits for it. Never rejects. */
  readonly #waitedFor = new Set<Promise<void>>();
  #heldBytes = 0;
  /** They wait for the disk. */
  #draining: (() => void)[] = [];
  #nextOrder: number;
  /** From the first failure to the next published segment: one line in the log. */
  #failing = false;
  /** `released`: another writer has taken over, or the entry is deleted. */
  #state: 'open' | 'closed' | 'released' = 'open';

  constructor({ timeline, folder, index, log, now, maxHeldBytes, fileSync }: TimelineWriterOptions) {
    this.timeline = timeline;
    this.folder = folder;
    this.#index = index;
    this.#log = log;
    this.#now = now;
    this.#maxHeldBytes = maxHeldBytes;
    this.#fileSync = fileSync;
    this.#nextOrder = timeline.nextSequence;
  }

  nextStartMs(nowMs: number): number {
    return this.timeline.nextStartMs(nowMs);
  }

  async startPeriod(start: { startMs: number; tracks: readonly TrackWithInit[] }): Promise<PeriodWriter> {
    if (this.#state !== 'open') return closedPeriod;
    let period = this.#beginPeriod(start.startMs, start.tracks);
    try {
      await period.ready;
    } catch (error) {
      throw this.#report(storageError(error));
    }
    return {
      openSegment: (at): SegmentWriter => {
        if (this.#state !== 'open') return closedSegment;
        if (period.failed) period = this.#beginPeriod(at.startMs, start.tracks);
        const segment = new OpenSegment(this, period, this.#nextOrder++, at);
        this.#open.push(segment);
        // Not before its init segments can be read; who waits for those hears when they cannot be written.
        period.ready.then(
          () => this.#showGrowing(),
          () => {},
        );
        return segment;
      },
    };
  }

  /** False once closed, by its owner or by the store. */
  get open(): boolean {
    return this.#state === 'open';
  }

  setWindow(windowSeconds: number): void {
    if (this.#state === 'released') return;
    checkWindow(windowSeconds);
    this.timeline.setWindow(windowSeconds, this.#now());
    const change = { window_seconds: windowSeconds, sequence_floor: this.timeline.edge };
    this.#wait(
      this.#index.changeTimeline(this.timeline.id, change).catch((error: unknown) => {
        this.#report(storageError(error));
      }),
    );
  }

  drained(): Promise<void> {
    return this.#isDrained ? Promise.resolve() : new Promise((resolve) => this.#draining.push(resolve));
  }

  get #isDrained(): boolean {
    return this.#heldBytes <= this.#maxHeldBytes / drainedShare;
  }

  async end(): Promise<void> {
    await this.close();
    if (this.#state === 'released' || this.timeline.ended) return;
    const nowMs = this.#now();
    try {
      await this.#index.changeTimeline(this.timeline.id, { ended_ms: nowMs, sequence_floor: this.timeline.edge });
    } catch (error) {
      this.#report(storageError(error));
    }
    this.timeline.end(nowMs);
  }

  async close(): Promise<void> {
    if (this.#state === 'open') this.#state = 'closed';
    const last = this.#open.at(-1);
    // Its failure has been reported.
    if (last) await this.complete(last).catch(() => {});
    await this.#settle();
  }

  /** Closes; from now on nothing this writer is asked to do has an effect. */
  async release(): Promise<void> {
    await this.close();
    this.#state = 'released';
  }

  /** Releases at once, giving up what is not published. */
  async abandon(): Promise<void> {
    this.#state = 'released';
    for (const segment of this.#open) this.#wait(segment.discard());
    this.#open = [];
    this.#showGrowing();
    await this.#settle();
  }

  expectedSequence(segment: OpenSegment): number {
    return this.timeline.nextSequence + Math.max(0, this.#open.indexOf(segment));
  }

  hold(segment: OpenSegment, bytes: number): void {
    this.#heldBytes += bytes;
    if (this.#isDrained) for (const resolve of this.#draining.splice(0)) resolve();
    if (bytes <= 0 || this.#heldBytes <= this.#maxHeldBytes) return;
    const held = Math.round(this.#maxHeldBytes / 1e6);
    this.fail(segment, new StorageError(`Media could not be stored: the disk is too slow, ${held} MB are waiting.`));
  }

  written(handle: FileHandle): void {
    this.#fileSync.add(handle, this.timeline.id);
  }

  mediaAppended(track: Track, endTicks: number): void {
    this.timeline.extend((endTicks * 1000) / track.timescale);
    this.timeline.grew();
  }

  complete(segment: OpenSegment): Promise<void> {
    // Those before it that nobody completed are as long as they will ever be.
    for (const opened of this.#open) {
      if (opened.order > segment.order || this.#publications.has(opened)) continue;
      const publication = this.#publish(opened, this.#tail);
      this.#tail = publication.catch(() => {});
      this.#publications.set(opened, publication);
    }
    const publication = this.#publications.get(segment);
    if (publication) return publication;
    const failure = segment.period.failureOf(segment.order);
    const answer = failure ? Promise.reject(failure) : Promise.resolve();
    // A caller that does not wait is not to bring the process down.
    answer.catch(() => {});
    return answer;
  }

  fail(segment: OpenSegment, cause: unknown): StorageError {
    const known = segment.period.failureOf(segment.order);
    if (known) return known;
    const error = storageError(cause);
    segment.period.fail(error, segment.order);
    for (const opened of this.#open) if (opened.period.failureOf(opened.order)) this.#wait(opened.discard());
    this.#open = this.#open.filter((opened) => !opened.period.failureOf(opened.order));
    this.#showGrowing();
    return this.#report(error);
  }

  #beginPeriod(startMs: number, tracks: readonly TrackWithInit[]): OpenPeriod {
    const written = (handle: FileHandle) => this.written(handle);
    return new OpenPeriod(startMs, tracks, this.folder, this.#index, this.timeline.id, written);
  }

  async #publish(segment: OpenSegment, before: Promise<void>): Promise<void> {
    const finished = segment.finish();
    finished.catch(() => {});
    await before;
    try {
      const tracks = await finished;
      const failure = segment.period.failureOf(segment.order);
      if (failure) throw failure;
      if (this.#state !== 'released' && Object.keys(tracks).length > 0) await this.#insert(segment, tracks);
      else this.#leaveOut(segment);
    } catch (error) {
      if (this.#state !== 'released') throw this.fail(segment, error);
    }
  }

  async #insert(segment: OpenSegment, tracks: Record<string, TrackSegment>): Promise<void> {
    const { timeline } = this;
    const { stored } = segment.period;
    const { startMs, wallClockMs } = segment;
    const added = { startMs, wallClockMs, durationMs: segmentDurationMs(stored.tracks, tracks), tracks };
    const row = toSegmentRow(timeline, stored, segment.order, added);
    await this.#index.addSegment(row);
    segment.published(timeline.nextSequence);
    // Before readers hear of it, since they may ask for what is to come.
    this.#open = this.#open.filter((opened) => opened !== segment);
    timeline.append(stored, segment.order, { ...added, tracks: unpackTracks(row.tracks) }, this.#now());
    segment.growing.end();
    if (this.#failing) this.#log.info('media is being stored again');
    this.#failing = false;
  }

  /** It got no media, or the timeline is not this writer's any more. */
  #leaveOut(segment: OpenSegment): void {
    this.#open = this.#open.filter((opened) => opened !== segment);
    segment.growing.end();
    this.#showGrowing();
  }

  /** Of those opened, the first ones that readers can begin with. */
  #showGrowing(): void {
    const hidden = this.#open.findIndex(({ period }) => !period.isReady);
    const shown = hidden < 0 ? this.#open : this.#open.slice(0, hidden);
    this.timeline.grow(
      shown.map(({ period, startMs, wallClockMs, growing }) => ({
        stored: period.stored,
        startMs,
        wallClockMs,
        media: growing,
      })),
    );
  }

  #wait(work: Promise<void>): void {
    this.#waitedFor.add(work);
    void work.finally(() => this.#waitedFor.delete(work));
  }

  async #settle(): Promise<void> {
    await this.#tail;
    await Promise.all(this.#waitedFor);
  }

  #report(error: StorageError): StorageError {
    if (!this.#failing && this.#state !== 'released') this.#log.error({ err: error.cause ?? error }, error.message);
    this.#failing = true;
    return error;
  }
}

export function checkWindow(windowSeconds: number): void {
  if (!Number.isFinite(windowSeconds) || windowSeconds < 0)
    throw new RangeError(`a window of ${windowSeconds} seconds`);
}
