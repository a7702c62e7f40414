import { hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Fragment, Period, Segment } from '../media/timeline.ts';
import { leastTargetSeconds, targetSecondsOf } from '../media/targetDuration.ts';
import { ChangeListeners } from './changeListeners.ts';
import { ComposedPart, type PartPeriod, type PartSource } from './composedPart.ts';
import { MovedBytes, movedStream } from './movedBytes.ts';
import { partOfBytes } from './partOfBytes.ts';
import type { SegmentRange } from './segmentStore.ts';
import type { StoredSegment } from './storedSegment.ts';
import type { Timeline } from './timeline.ts';
import type { GrowingSegment, StoredBytes, TimelineReader } from './timelineReader.ts';

export interface ComposedOrigin {
  readonly entryId: string;
  readonly epochMs: number;
  readonly version: number;
  /** Those that have media, or will have; the last one may grow. */
  readonly parts: readonly PartSource[];
  readonly onListenerError: (error: unknown) => void;
}

interface Located {
  readonly part: ComposedPart;
  readonly stored: StoredSegment;
}

/**
 * Ranges of stored timelines, one after the other, as one timeline. The first keeps its own positions; each of the others
 * follows where the one before ends. The last keeps its own numbers, so that a player stays on them when it changes over
 * from the live timeline.
 */
export class ComposedTimeline implements TimelineReader {
  readonly id: string;
  readonly entryId: string;
  readonly epochMs: number;
  readonly windowSeconds = 0;
  readonly #parts: readonly ComposedPart[];
  readonly #segments: Segment[] = [];
  readonly #listeners: ChangeListeners;
  #live: Timeline | undefined;
  #version: number;
  #growth: number;
  #targetDurationSeconds = leastTargetSeconds;
  #segmentsView: readonly Segment[] | undefined;
  #growingView: { readonly growth: number; readonly segments: readonly GrowingSegment[] } | undefined;

  constructor({ entryId, epochMs, version, parts, onListenerError }: ComposedOrigin) {
    this.entryId = entryId;
    this.epochMs = epochMs;
    this.#version = this.#growth = version;
    this.#listeners = new ChangeListeners(onListenerError);
    this.#parts = placeParts(parts, (part, stored) => this.#add(part, stored));
    for (const { targetDurationSeconds } of parts) this.#longest(targetDurationSeconds);
    this.id = idOf(this.#parts);
    this.#live = parts.at(-1)?.live;
    if (this.#live && this.#pull(this.#live)) this.#follow(this.#live);
  }

  get version(): number {
    return this.#version;
  }

  get growth(): number {
    return this.#growth;
  }

  get ended(): boolean {
    return this.#live === undefined;
  }

  get targetDurationSeconds(): number {
    return this.#targetDurationSeconds;
  }

  get segments(): readonly Segment[] {
    this.#segmentsView ??= this.#segments.slice();
    return this.#segmentsView;
  }

  get segmentCount(): number {
    return this.#segments.length;
  }

  get periods(): readonly Period[] {
    return this.#parts.flatMap(({ periods }) => periods.map(({ period }) => period));
  }

  get discontinuitySequence(): number {
    return this.#segments[0]?.period ?? this.#parts[0]?.source.firstPeriod ?? 0;
  }

  get growing(): readonly GrowingSegment[] {
    const part = this.#parts.at(-1);
    // Where it begins in a composition is not known before its first segment is whole.
    if (!this.#live || !part || part.offsetMs === undefined) return [];
    if (this.#growingView?.growth !== this.#live.growth) {
      const segments = this.#live.growing.map((growing, position) => this.#grown(part, growing, position));
      this.#growingView = { growth: this.#live.growth, segments };
    }
    return this.#growingView.segments;
  }

  segment(sequence: number): Segment | undefined {
    return this.#segments[sequence - (this.#segments[0]?.sequence ?? 0)];
  }

  init(period: number, trackId: string): StoredBytes | undefined {
    const found = this.#periodAt(period);
    const bytes = found && Object.hasOwn(found.stored.initBytes, trackId) ? found.stored.initBytes[trackId] : undefined;
    return found && bytes !== undefined ? found.part.source.files.init(found.stored.folder, trackId, bytes) : undefined;
  }

  media(sequence: number, trackId: string): StoredBytes | undefined {
    const located = this.#locate(sequence);
    if (!located || !Object.hasOwn(located.stored.segment.tracks, trackId)) return undefined;
    const { part, stored } = located;
    const own = stored.segment.tracks[trackId]!;
    const media = part.source.files.media(stored.folder, trackId, stored.file, own.bytes);
    const ticks = this.#movedTicks(part, stored.segment.period, trackId);
    return ticks === 0 ? media : new MovedBytes(media, own, ticks);
  }

  fragment(sequence: number, trackId: string, index: number): StoredBytes | undefined {
    const media = this.media(sequence, trackId);
    if (media) {
      const fragment = this.segment(sequence)!.tracks[trackId]!.fragments[index];
      return fragment && partOfBytes(media, fragment.offset, fragment.bytes);
    }
    const grown = this.#growingAt(sequence);
    const bytes = grown && this.#live?.fragment(grown.own.sequence, trackId, index);
    if (!bytes) return undefined;
    const ticks = this.#movedTicks(grown.part, grown.own.period.index, trackId);
    return ticks === 0 ? bytes : new MovedBytes(bytes, { fragments: [{ offset: 0, bytes: bytes.length }] }, ticks);
  }

  follow(sequence: number, trackId: string): Readable | undefined {
    const grown = this.#growingAt(sequence);
    const stream = grown && this.#live?.follow(grown.own.sequence, trackId);
    if (!stream) return undefined;
    const ticks = this.#movedTicks(grown.part, grown.own.period.index, trackId);
    return ticks === 0 ? stream : movedStream(stream, ticks);
  }

  onChanged(listener: () => void): () => void {
    const stop = this.#listeners.onChanged(listener);
    return () => this.#stop(stop);
  }

  onGrown(listener: () => void): () => void {
    const stop = this.#listeners.onGrown(listener);
    return () => this.#stop(stop);
  }

  /** The stored segments behind its own from `first` up to, not including, `end`. */
  rangesOf(first: number, end: number): SegmentRange[] {
    return this.#parts.flatMap(({ source, firstSequence, stored }) => {
      const from = stored[Math.max(0, first - firstSequence)];
      const last = stored[Math.min(stored.length, end - firstSequence) - 1];
      if (!from || !last || last.segment.sequence < from.segment.sequence) return [];
      return [{ timelineId: source.timelineId, first: from.segment.sequence, end: last.segment.sequence + 1 }];
    });
  }

  /** A method, so that whoever may take a listener away again holds the timeline: nothing else has to. */
  #stop(stop: () => void): void {
    stop();
  }

  /** Hears of the timeline it grows with for as long as somebody holds it. */
  #follow(live: Timeline): void {
    const self = new WeakRef(this);
    const stop = live.onGrown(() => {
      const composed = self.deref();
      if (!composed || !composed.#pull(live)) stop();
    });
  }

  /** Takes what has come; false when no more will. */
  #pull(live: Timeline): boolean {
    const part = this.#parts.at(-1)!;
    let next = part.source.firstSequence + part.stored.length;
    const before = this.#segments.length;
    for (let stored = live.stored(next); stored; stored = live.stored(++next)) this.#add(part, stored);
    this.#longest(live.targetDurationSeconds);
    this.#growth++;
    if (live.ended) this.#live = undefined;
    if (this.#segments.length === before && !live.ended) {
      this.#listeners.tellGrown();
      return true;
    }
    this.#version++;
    this.#segmentsView = undefined;
    this.#listeners.tellChanged();
    return !live.ended;
  }

  #add(part: ComposedPart, stored: StoredSegment): void {
    const { periods, live } = part.source;
    const { folder } = stored;
    const { period: ownPeriod, startMs } = stored.segment;
    // A segment whose period is lost is a gap, as it is in the live timeline.
    const lost = { folder, startMs, tracks: [], initBytes: {} };
    const period = periods.get(folder) ?? live?.storedPeriod(ownPeriod) ?? lost;
    const segment = part.add(stored, period);
    this.#segments.push(segment);
    this.#longest(targetSecondsOf(segment, period.tracks));
  }

  #longest(seconds: number): void {
    this.#targetDurationSeconds = Math.max(this.#targetDurationSeconds, seconds);
  }

  #locate(sequence: number): Located | undefined {
    const part = this.#parts.findLast(({ firstSequence }) => firstSequence <= sequence);
    const stored = part?.stored[sequence - part.firstSequence];
    return part && stored && { part, stored };
  }

  #periodAt(index: number): (Pick<PartPeriod, 'stored'> & { readonly part: ComposedPart }) | undefined {
    for (const part of this.#parts) {
      const first = part.periods[0]?.period.index;
      const found = first === undefined ? undefined : part.periods[index - first];
      if (found) return { stored: found.stored, part };
    }
    const part = this.#parts.at(-1);
    const position = this.growing.findIndex(({ period }) => period.index === index);
    const own = this.#live?.growing[position];
    const stored = own && this.#live?.storedPeriod(own.period.index);
    return part && stored && { stored, part };
  }

  #movedTicks(part: ComposedPart, ownPeriod: number, trackId: string): number {
    const tracks =
      part.periods.find(({ ownIndex }) => ownIndex === ownPeriod)?.stored.tracks ??
      this.#live?.storedPeriod(ownPeriod)?.tracks;
    return part.movedTicks(tracks?.find(({ id }) => id === trackId)?.timescale ?? 1);
  }

  #growingAt(sequence: number): { readonly part: ComposedPart; readonly own: GrowingSegment } | undefined {
    const part = this.#parts.at(-1);
    const own = this.#live?.growing[this.growing.findIndex((growing) => growing.sequence === sequence)];
    return part && own && { part, own };
  }

  #grown(part: ComposedPart, own: GrowingSegment, position: number): GrowingSegment {
    const stored = this.#live!.storedPeriod(own.period.index)!;
    const offsetMs = part.offsetMs ?? 0;
    return {
      sequence: part.firstSequence + part.stored.length + position,
      period: part.periodOf(own.period.index, stored, own.startMs),
      startMs: own.startMs + offsetMs,
      wallClockMs: own.wallClockMs,
      fragments: offsetMs === 0 ? own.fragments : movedFragments(part, own),
    };
  }
}

function movedFragments(part: ComposedPart, { period, fragments }: GrowingSegment): Map<string, readonly Fragment[]> {
  const moved = new Map<string, readonly Fragment[]>();
  for (const { id, timescale } of period.tracks) {
    const ticks = part.movedTicks(timescale);
    const own = fragments.get(id);
    if (own)
      moved.set(
        id,
        own.map((fragment) => Object.assign({}, fragment, { startTicks: fragment.startTicks + ticks })),
      );
  }
  return moved;
}

/** Numbers are counted back from the last part's, or on from 0 where that has not enough before it. */
function placeParts(
  sources: readonly PartSource[],
  add: (part: ComposedPart, stored: StoredSegment) => void,
): ComposedPart[] {
  const last = sources.at(-1);
  const before = sources.slice(0, -1);
  const segmentsBefore = before.reduce((count, { segments }) => count + segments.length, 0);
  const periodsBefore = before.reduce((count, { segments }) => count + countPeriods(segments), 0);
  let firstSequence = Math.max(0, (last?.firstSequence ?? 0) - segmentsBefore);
  let firstPeriod = Math.max(0, (last?.firstPeriod ?? 0) - periodsBefore);
  const parts: ComposedPart[] = [];
  for (const source of sources) {
    const part = new ComposedPart(source, { firstSequence, firstPeriod, follows: parts.at(-1)?.end });
    for (const stored of source.segments) add(part, stored);
    parts.push(part);
    firstSequence += part.stored.length;
    firstPeriod += part.periods.length;
  }
  return parts;
}

function countPeriods(segments: readonly StoredSegment[]): number {
  return segments.filter(({ segment }, index) => segments[index - 1]?.segment.period !== segment.period).length;
}

/** The stored timeline's where the bytes are the same; else one that tells all that the bytes depend on. */
function idOf(parts: readonly ComposedPart[]): string {
  const [only] = parts;
  if (only && parts.length === 1 && only.unmoved) return only.source.timelineId;
  const shape = parts.map(({ source, firstSequence, firstPeriod, end }, index) => {
    const { timelineId, firstSequence: ownFirst } = source;
    return [timelineId, ownFirst, firstSequence, firstPeriod, index < parts.length - 1 ? end?.endMs : null];
  });
  return hash('sha1', JSON.stringify(shape), 'base64url');
}
