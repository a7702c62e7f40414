import type { Readable } from 'node:stream';
import type { Period, Segment } from '../media/timeline.ts';
import { Fifo } from '../media/fifo.ts';
import { targetSecondsOf } from '../media/targetDuration.ts';
import { ChangeListeners } from './changeListeners.ts';
import type { GrowingMedia } from './growingMedia.ts';
import { partOfBytes } from './partOfBytes.ts';
import { segmentBytes, type NewSegment, type StoredSegment } from './storedSegment.ts';
import type { GrowingSegment, StoredBytes, TimelineReader } from './timelineReader.ts';
import type { MediaFiles, StoredPeriod } from './storedPeriod.ts';

export interface TimelineOrigin {
  readonly id: string;
  readonly entryId: string;
  readonly epochMs: number;
  readonly windowSeconds: number;
  /** Sequence of the first segment it ever had, or will have. */
  readonly firstSequence: number;
  /** No segment or period below these is ever given out again. */
  readonly sequenceFloor: number;
  readonly periodFloor: number;
  readonly targetDurationSeconds: number;
  /** When it ended (Unix ms), if it has. */
  readonly endedAtMs: number | undefined;
  /** Where versions start: above all those of earlier runs of the server. */
  readonly version: number;
  /** Bytes of all segments it has had. */
  readonly mediaBytes: number;
}

/** A segment being written, oldest first; the one after the newest that is stored comes first. */
export interface NewGrowth {
  readonly stored: StoredPeriod;
  readonly startMs: number;
  readonly wallClockMs: number;
  readonly media: GrowingMedia;
}

interface Growing extends GrowingSegment {
  readonly stored: StoredPeriod;
  readonly media: GrowingMedia;
}

interface NumberedPeriod {
  readonly period: Period;
  readonly stored: StoredPeriod;
}

/** What a live player needs to start and to keep playing (RFC 8216 6.2.2, 6.3.3). */
const leastSegments = 3;
const leastTargetDurations = 3;
const leastGraceMs = 60_000;
/** What has ended can be watched to its end by whoever was watching, and from its start by whoever comes a little late. */
const leastEndedMs = 300_000;

/**
 * The rules of the live window, in memory: sequences, discontinuities, target duration, eviction. No I/O.
 *
 * Segments are stored in three stretches: in grace (left the window, still served), in the window, and the newest.
 * `segments` and `periods` are snapshots: made once per version when first asked for, never changed afterwards.
 */
export class Timeline implements TimelineReader {
  readonly id: string;
  readonly entryId: string;
  readonly epochMs: number;
  readonly #files: MediaFiles;
  readonly #firstSequence: number;
  readonly #stored = new Fifo<StoredSegment>();
  readonly #periods = new Fifo<NumberedPeriod>();
  /** When the window's edge reached a sequence: the time from which those before it have their grace. */
  readonly #left = new Fifo<{ readonly before: number; readonly atMs: number }>();
  readonly #listeners: ChangeListeners;
  #growing: readonly Growing[] = [];
  /** Sequence of the oldest segment in the window. */
  #edge: number;
  #nextSequence: number;
  #nextPeriod: number;
  #newestEndMs = -Infinity;
  #mediaEndMs: number | undefined;
  #windowSeconds: number;
  #targetDurationSeconds: number;
  #endedAtMs: number | undefined;
  #version: number;
  #growth: number;
  #mediaBytes: number;
  #segmentsView: readonly Segment[] | undefined;
  #periodsView: readonly Period[] | undefined;

  constructor(origin: TimelineOrigin, files: MediaFiles, onListenerError: (error: unknown) => void) {
    this.id = origin.id;
    this.entryId = origin.entryId;
    this.epochMs = origin.epochMs;
    this.#files = files;
    this.#listeners = new ChangeListeners(onListenerError);
    this.#firstSequence = origin.firstSequence;
    this.#nextSequence = this.#edge = Math.max(origin.firstSequence, origin.sequenceFloor);
    this.#nextPeriod = origin.periodFloor;
    this.#windowSeconds = origin.windowSeconds;
    this.#targetDurationSeconds = Math.max(1, origin.targetDurationSeconds);
    this.#endedAtMs = origin.endedAtMs;
    this.#version = this.#growth = origin.version;
    this.#mediaBytes = origin.mediaBytes;
  }

  get version(): number {
    return this.#version;
  }

  get growth(): number {
    return this.#growth;
  }

  get growing(): readonly GrowingSegment[] {
    return this.#growing;
  }

  get ended(): boolean {
    return this.#endedAtMs !== undefined;
  }

  get windowSeconds(): number {
    return this.#windowSeconds;
  }

  get targetDurationSeconds(): number {
    return this.#targetDurationSeconds;
  }

  get nextSequence(): number {
    return this.#nextSequence;
  }

  /** Sequence of the window's oldest segment, or of the next one when the window is empty. */
  get edge(): number {
    return this.#edge;
  }

  /** Index of the next period that is published. */
  get nextPeriod(): number {
    return this.#nextPeriod;
  }

  get firstSequence(): number {
    return this.#firstSequence;
  }

  /** Sequence of the oldest segment it answers for, those in grace included; of the next one when there is none. */
  get oldest(): number {
    return this.#nextSequence - this.#stored.length;
  }

  /** Bytes of all segments it has had. */
  get mediaBytes(): number {
    return this.#mediaBytes;
  }

  get segments(): readonly Segment[] {
    this.#segmentsView ??= this.#stored.from(this.#edgePosition(), (stored) => stored.segment);
    return this.#segmentsView;
  }

  get periods(): readonly Period[] {
    if (!this.#periodsView) {
      const left = this.discontinuitySequence - (this.#periods.first?.period.index ?? 0);
      this.#periodsView = this.#periods.from(Math.max(0, left), ({ period }) => period);
    }
    return this.#periodsView;
  }

  /** Indices have no holes, so the first one in the window is also the number of periods before it. */
  get discontinuitySequence(): number {
    return this.#stored.at(this.#edgePosition())?.segment.period ?? this.#nextPeriod;
  }

  segment(sequence: number): Segment | undefined {
    return this.stored(sequence)?.segment;
  }

  stored(sequence: number): StoredSegment | undefined {
    return this.#stored.at(sequence - (this.#stored.first?.segment.sequence ?? 0));
  }

  storedPeriod(index: number): StoredPeriod | undefined {
    return (
      this.#periods.at(index - (this.#periods.first?.period.index ?? 0))?.stored ??
      this.#growing.find(({ period }) => period.index === index)?.stored
    );
  }

  init(period: number, trackId: string): StoredBytes | undefined {
    const stored = this.storedPeriod(period);
    const bytes = stored && Object.hasOwn(stored.initBytes, trackId) ? stored.initBytes[trackId] : undefined;
    return stored && bytes !== undefined ? this.#files.init(stored.folder, trackId, bytes) : undefined;
  }

  media(sequence: number, trackId: string): StoredBytes | undefined {
    const stored = this.stored(sequence);
    if (!stored || !Object.hasOwn(stored.segment.tracks, trackId)) return undefined;
    const { bytes } = stored.segment.tracks[trackId]!;
    return this.#files.media(stored.folder, trackId, stored.file, bytes);
  }

  fragment(sequence: number, trackId: string, index: number): StoredBytes | undefined {
    const growing = this.#growing.find((each) => each.sequence === sequence);
    if (growing) return growing.media.fragment(trackId, index);
    const media = this.media(sequence, trackId);
    const fragment = this.segment(sequence)?.tracks[trackId]?.fragments[index];
    return media && fragment && partOfBytes(media, fragment.offset, fragment.bytes);
  }

  follow(sequence: number, trackId: string): Readable | undefined {
    return this.#growing.find((each) => each.sequence === sequence)?.media.follow(trackId);
  }

  onChanged(listener: () => void): () => void {
    return this.#listeners.onChanged(listener);
  }

  onGrown(listener: () => void): () => void {
    return this.#listeners.onGrown(listener);
  }

  /** Shows what is being written. */
  grow(growing: readonly NewGrowth[]): void {
    let previous = this.#periods.last?.stored.folder;
    let index = this.#nextPeriod - 1;
    this.#growing = growing.map(({ stored, startMs, wallClockMs, media }, position) => {
      if (stored.folder !== previous) index++;
      previous = stored.folder;
      const period = { index, startMs: stored.startMs, tracks: stored.tracks };
      const sequence = this.#nextSequence + position;
      return { sequence, period, startMs, wallClockMs, fragments: media.fragments, stored, media };
    });
    this.grew();
  }

  /** A segment that is shown has got another fragment. */
  grew(): void {
    this.#growth++;
    this.#listeners.tellGrown();
  }

  /** Position at which new media may begin. */
  nextStartMs(nowMs: number): number {
    if (this.#mediaEndMs === undefined && this.#nextSequence === this.#firstSequence) return 0;
    return Math.ceil(Math.max(this.#mediaEndMs ?? 0, nowMs - this.epochMs));
  }

  /** Media up to here is stored or on its way. */
  extend(endMs: number): void {
    if (endMs > (this.#mediaEndMs ?? -Infinity)) this.#mediaEndMs = endMs;
  }

  /** The index under which a period's next segment will appear: its own, or the next one if it is not published yet. */
  periodIndex(stored: StoredPeriod): number {
    return this.#periods.last?.stored.folder === stored.folder ? this.#periods.last.period.index : this.#nextPeriod;
  }

  /** Publishes a segment, the last one yet. */
  append(stored: StoredPeriod, file: number, segment: NewSegment, nowMs: number): Segment {
    const added = { ...segment, sequence: this.#nextSequence, period: this.periodIndex(stored) };
    this.#add(stored, file, added);
    this.#growing = this.#growing.filter(({ sequence }) => sequence > added.sequence);
    this.#moveEdge(nowMs);
    this.#changed();
    return added;
  }

  /** Puts back what was stored before: all segments in order, before any is appended. `edge`: the window's last edge. */
  restore(
    segments: readonly { readonly stored: StoredPeriod; readonly file: number; readonly segment: Segment }[],
    edge: number,
    nowMs: number,
  ): void {
    const [oldest] = segments;
    if (oldest) {
      this.#nextSequence = this.#edge = oldest.segment.sequence;
      this.#nextPeriod = oldest.segment.period;
    }
    for (const { stored, file, segment } of segments) this.#add(stored, file, segment);
    this.#leave(Math.min(edge, this.#nextSequence), nowMs);
    this.#moveEdge(nowMs);
    this.#changed();
  }

  setWindow(windowSeconds: number, nowMs: number): void {
    if (windowSeconds === this.#windowSeconds) return;
    this.#windowSeconds = windowSeconds;
    this.#moveEdge(nowMs);
    this.#changed();
  }

  /**
   * No more media. What is in the window stays in it for as long as the window lasts, and then goes all at once: who
   * watches an ended list must not see it become shorter. By the time of the end and not of the media: a publisher may
   * have been waited for.
   */
  end(nowMs: number): void {
    if (this.ended) return;
    this.#endedAtMs = nowMs;
    this.#changed();
  }

  /** Lets segments leave the window of what has ended, for which nothing else does. */
  evict(nowMs: number): void {
    if (this.#moveEdge(nowMs)) this.#changed();
  }

  /** Lets go of up to `limit` segments whose grace is over; what nothing else needs of them can be deleted. */
  takeExpired(nowMs: number, limit: number): readonly StoredSegment[] {
    const graceMs = Math.max(leastTargetDurations * this.#targetDurationSeconds * 1000, leastGraceMs);
    let count = 0;
    for (let left = this.#left.first; left && left.atMs + graceMs <= nowMs; left = this.#left.first) {
      const expired = left.before - (this.#stored.first?.segment.sequence ?? left.before);
      count = Math.min(limit, Math.max(count, expired));
      if (expired > limit) break;
      this.#left.take(1);
    }
    const segments = this.#stored.take(count);
    const oldest = this.#stored.first;
    const needless = (oldest?.segment.period ?? this.#nextPeriod) - (this.#periods.first?.period.index ?? 0);
    if (segments.length > 0 && needless > 0) this.#periods.take(needless);
    return segments;
  }

  #add(stored: StoredPeriod, file: number, segment: Segment): void {
    if (segment.period === this.#nextPeriod) {
      const { startMs, tracks } = stored;
      this.#periods.push({ period: { index: segment.period, startMs, tracks }, stored });
      this.#nextPeriod++;
    }
    this.#stored.push({ segment, folder: stored.folder, file });
    this.#mediaBytes += segmentBytes(segment);
    this.#nextSequence = segment.sequence + 1;
    this.#newestEndMs = Math.max(this.#newestEndMs, segment.startMs + segment.durationMs);
    this.#targetDurationSeconds = Math.max(this.#targetDurationSeconds, targetSecondsOf(segment, stored.tracks));
    this.extend(segment.startMs + segment.durationMs);
    for (const { id, timescale } of stored.tracks) {
      const part = segment.tracks[id];
      if (part) this.extend(((part.startTicks + part.durationTicks) * 1000) / timescale);
    }
  }

  /** Moves the window's edge past the segments that are wholly older than the window. */
  #moveEdge(nowMs: number): boolean {
    if (this.#windowSeconds === 0) return false;
    const windowMs = Math.max(this.#windowSeconds, leastTargetDurations * this.#targetDurationSeconds) * 1000;
    if (this.#endedAtMs !== undefined) {
      const isOver = this.#endedAtMs + Math.max(windowMs, leastEndedMs) <= nowMs;
      return isOver && this.#leave(this.#nextSequence, nowMs);
    }
    let position = this.#edgePosition();
    const last = this.#stored.length - leastSegments;
    for (; position < last; position++) {
      const { startMs, durationMs } = this.#stored.at(position)!.segment;
      if (startMs + durationMs > this.#newestEndMs - windowMs) break;
    }
    return this.#leave(position + (this.#stored.first?.segment.sequence ?? this.#nextSequence), nowMs);
  }

  #leave(edge: number, nowMs: number): boolean {
    if (edge <= this.#edge) return false;
    this.#edge = edge;
    this.#left.push({ before: edge, atMs: nowMs });
    return true;
  }

  #edgePosition(): number {
    return this.#edge - (this.#stored.first?.segment.sequence ?? this.#edge);
  }

  #changed(): void {
    this.#version++;
    this.#growth++;
    this.#segmentsView = undefined;
    this.#periodsView = undefined;
    this.#listeners.tellChanged();
  }
}
