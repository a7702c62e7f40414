import type { Readable } from 'node:stream';
import type { Fragment, Period, Segment } from '../media/timeline.ts';
import type { Track } from '../media/track.ts';
import { GrowingMedia } from '../segments/growingMedia.ts';
import { MemoryBytes } from '../segments/memoryBytes.ts';
import { partOfBytes } from '../segments/partOfBytes.ts';
import { leastTargetSeconds, targetSecondsOf } from '../media/targetDuration.ts';
import type { GrowingSegment, StoredBytes, TimelineReader } from '../segments/timelineReader.ts';

/** A segment as a test says it: bytes are made up unless given. */
export interface SegmentToAdd {
  readonly startMs: number;
  readonly durationMs: number;
  /** Start and length by track id; a track that is not named is absent. */
  readonly tracks: Readonly<Record<string, TrackMedia>>;
}

export interface TrackMedia {
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly independent?: boolean;
  readonly fragments?: readonly Fragment[];
  readonly media?: Buffer;
  /** Size to claim when there is no media. */
  readonly bytes?: number;
}

/** A timeline in memory that behaves as the store's do, for tests and benchmarks. */
export class MemoryTimeline implements TimelineReader {
  readonly id: string;
  readonly entryId: string;
  readonly epochMs: number;
  readonly windowSeconds: number;
  version = 0;
  growth = 0;
  ended = false;
  targetDurationSeconds = leastTargetSeconds;
  discontinuitySequence = 0;
  /** Of segments that are, or were, being written. */
  followers = 0;
  #periods: Period[] = [];
  #segments: Segment[] = [];
  /** Out of the window, not yet deleted. */
  #left: Segment[] = [];
  readonly #graceSegments: number;
  #nextSequence: number;
  readonly #inits = new Map<string, Buffer>();
  readonly #media = new Map<string, Buffer>();
  readonly #listeners = new Set<() => void>();
  readonly #growthListeners = new Set<() => void>();
  #growing: { readonly segment: GrowingSegment; readonly media: GrowingMedia }[] = [];

  constructor(options: {
    id?: string;
    entryId?: string;
    epochMs?: number;
    windowSeconds?: number;
    firstSequence?: number;
    /** How many segments that have left the window are still served. */
    graceSegments?: number;
  }) {
    this.id = options.id ?? 'broadcast-1';
    this.entryId = options.entryId ?? '0_abcd1234';
    this.epochMs = options.epochMs ?? Date.UTC(2026, 0, 2, 3, 4, 5);
    this.windowSeconds = options.windowSeconds ?? 0;
    this.#nextSequence = options.firstSequence ?? 0;
    this.#graceSegments = options.graceSegments ?? 0;
  }

  get periods(): readonly Period[] {
    const first = this.#segments[0]?.period ?? Infinity;
    const last = this.#segments.at(-1)?.period ?? -1;
    return this.#periods.filter(({ index }) => index >= first && index <= last);
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get growing(): readonly GrowingSegment[] {
    return this.#growing.map(({ segment }) => segment);
  }

  /** Those who listen to it now. */
  get listeners(): number {
    return this.#listeners.size + this.#growthListeners.size;
  }

  /**
   * Opens the next segment, of the last period: it grows by `grow`, and the oldest one is complete by `add`, which says
   * the whole again.
   */
  open(startMs: number): void {
    const period = this.#periods.at(-1)!;
    const media = new GrowingMedia(period.tracks.map(({ id }) => id));
    const sequence = this.#nextSequence + this.#growing.length;
    const { fragments } = media;
    const segment = { sequence, period, startMs, wallClockMs: this.epochMs + startMs, fragments };
    this.#growing.push({ segment, media });
    this.#grew();
  }

  /** In the segment opened last. */
  grow(trackId: string, fragment: Omit<Fragment, 'offset' | 'bytes'>, data: Buffer = Buffer.alloc(100, 'media')): void {
    const { media } = this.#growing.at(-1)!;
    const before = media.fragments.get(trackId)?.at(-1);
    const offset = before ? before.offset + before.bytes : 0;
    media.add(trackId, { ...fragment, offset, bytes: data.length }, data);
    this.#grew();
  }

  /** What has been opened cannot be stored. */
  fail(error: Error): void {
    const failed = this.#growing;
    this.#growing = [];
    this.#grew();
    for (const { media } of failed) media.end(error);
  }

  startPeriod(startMs: number, tracks: readonly (Track & { readonly init?: Buffer })[], seamless = false): void {
    const index = this.#periods.length;
    this.#periods.push({ index, startMs, tracks, seamless });
    for (const { id, init } of tracks) this.#inits.set(`${index}/${id}`, init ?? Buffer.from(`init ${index} ${id}`));
  }

  add({ startMs, durationMs, tracks }: SegmentToAdd): void {
    const sequence = this.#nextSequence++;
    const stored = Object.entries(tracks).map(([id, track]) => {
      const { startTicks, durationTicks, independent = true, media } = track;
      if (media) this.#media.set(`${sequence}/${id}`, media);
      const bytes = media?.length ?? track.bytes ?? 1000;
      const fragments = track.fragments ?? [{ startTicks, durationTicks, offset: 0, bytes, independent }];
      const keyFrame = fragments.find((fragment) => fragment.independent) ?? null;
      return [id, { startTicks, durationTicks, bytes, independent, keyFrame, fragments }] as const;
    });
    const segment = {
      sequence,
      period: this.#periods.length - 1,
      startMs,
      durationMs,
      wallClockMs: this.epochMs + startMs,
      tracks: Object.fromEntries(stored),
    };
    this.#segments.push(segment);
    const target = targetSecondsOf(segment, this.#periods.at(-1)?.tracks ?? []);
    this.targetDurationSeconds = Math.max(this.targetDurationSeconds, target);
    const grown = this.#growing.shift()?.media;
    this.#evict(startMs + durationMs);
    this.#change();
    grown?.end();
  }

  end(): void {
    this.ended = true;
    this.#change();
  }

  segment(sequence: number): Segment | undefined {
    const stored = sequence < (this.#segments[0]?.sequence ?? 0) ? this.#left : this.#segments;
    return stored[sequence - (stored[0]?.sequence ?? 0)];
  }

  init(period: number, trackId: string): StoredBytes | undefined {
    const bytes = this.#inits.get(`${period}/${trackId}`);
    return bytes && new MemoryBytes(bytes);
  }

  media(sequence: number, trackId: string): StoredBytes | undefined {
    const tracks = this.segment(sequence)?.tracks;
    const track = tracks && Object.hasOwn(tracks, trackId) ? tracks[trackId] : undefined;
    if (!track) return undefined;
    return new MemoryBytes(this.#media.get(`${sequence}/${trackId}`) ?? Buffer.alloc(track.bytes, 'media'));
  }

  fragment(sequence: number, trackId: string, index: number): StoredBytes | undefined {
    const growing = this.#growing.find(({ segment }) => segment.sequence === sequence);
    if (growing) return growing.media.fragment(trackId, index);
    const media = this.media(sequence, trackId);
    const fragment = this.segment(sequence)?.tracks[trackId]?.fragments[index];
    return media && fragment && partOfBytes(media, fragment.offset, fragment.bytes);
  }

  follow(sequence: number, trackId: string): Readable | undefined {
    const following = this.#growing.find(({ segment }) => segment.sequence === sequence)?.media.follow(trackId);
    if (!following) return undefined;
    this.followers++;
    return following.once('close', () => this.followers--);
  }

  onGrown(listener: () => void): () => void {
    this.#growthListeners.add(listener);
    return () => this.#growthListeners.delete(listener);
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #evict(endMs: number): void {
    if (this.windowSeconds === 0) return;
    const keepFromMs = endMs - this.windowSeconds * 1000;
    while (this.#segments.length > 1 && this.#segments[0]!.startMs < keepFromMs) {
      this.#left.push(this.#segments.shift()!);
    }
    while (this.#left.length > this.#graceSegments) {
      const { sequence, tracks } = this.#left.shift()!;
      for (const id of Object.keys(tracks)) this.#media.delete(`${sequence}/${id}`);
    }
    this.discontinuitySequence = this.#segments[0]!.period;
  }

  #change(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
    this.#grew();
  }

  #grew(): void {
    this.growth++;
    for (const listener of this.#growthListeners) listener();
  }
}
