import type { Readable } from 'node:stream';
import type { Period, Segment } from '../media/timeline.ts';
import type { GrowingSegment, StoredBytes, TimelineReader } from '../segments/timelineReader.ts';
import type { TimeRange } from './timeRange.ts';

/** What comes later than this behind the end of a part is not waited for: the broadcast is interrupted. */
const mostLateMs = 30_000;

/**
 * The whole segments of a timeline that have something within a range of wall-clock time, as a timeline of their own:
 * ended as soon as nothing more can come, growing until then. Media keep their names, for they are the same bytes.
 */
export class TimelinePart implements TimelineReader {
  readonly whole: TimelineReader;
  readonly #startMs: number;
  readonly #endMs: number;
  readonly #now: () => number;
  /** Sequence of the first segment, once there is one. */
  #first: number | undefined;
  /** Sequence behind the last segment, once that is known. */
  #end: number | undefined;
  #nextSequence = 0;
  #segments: readonly Segment[] = [];
  #periods: readonly Period[] = [];
  #endedTargetSeconds: number | undefined;
  #ended = false;
  #wholeVersion = -1;
  #wholeGrowth = -1;
  #version = 0;
  #growth = 0;

  constructor(whole: TimelineReader, range: TimeRange, now: () => number) {
    this.whole = whole;
    this.#startMs = range.startMs ?? -Infinity;
    this.#endMs = range.endMs ?? Infinity;
    this.#now = now;
  }

  get id(): string {
    return this.whole.id;
  }

  get entryId(): string {
    return this.whole.entryId;
  }

  get epochMs(): number {
    return this.whole.epochMs;
  }

  get windowSeconds(): number {
    return this.whole.windowSeconds;
  }

  /** What has ended stays as it is, whatever the rest of the timeline asks for later. */
  get targetDurationSeconds(): number {
    this.#look();
    return this.#endedTargetSeconds ?? this.whole.targetDurationSeconds;
  }

  get version(): number {
    this.#look();
    return this.#version;
  }

  get growth(): number {
    this.#look();
    return this.#growth;
  }

  get ended(): boolean {
    this.#look();
    return this.#ended;
  }

  get segments(): readonly Segment[] {
    this.#look();
    return this.#segments;
  }

  get periods(): readonly Period[] {
    this.#look();
    return this.#periods;
  }

  get discontinuitySequence(): number {
    const { discontinuitySequence, periods } = this.whole;
    const before = (this.periods[0]?.index ?? 0) - (periods[0]?.index ?? 0);
    return discontinuitySequence + Math.max(0, before);
  }

  get growing(): readonly GrowingSegment[] {
    if (this.ended) return [];
    const has = ({ wallClockMs }: GrowingSegment) =>
      wallClockMs < this.#endMs && (this.#first !== undefined || wallClockMs >= this.#startMs);
    return this.whole.growing.filter(has);
  }

  segment(sequence: number): Segment | undefined {
    return this.whole.segment(sequence);
  }

  init(period: number, trackId: string): StoredBytes | undefined {
    return this.whole.init(period, trackId);
  }

  media(sequence: number, trackId: string): StoredBytes | undefined {
    return this.whole.media(sequence, trackId);
  }

  fragment(sequence: number, trackId: string, index: number): StoredBytes | undefined {
    return this.whole.fragment(sequence, trackId, index);
  }

  follow(sequence: number, trackId: string): Readable | undefined {
    return this.whole.follow(sequence, trackId);
  }

  onChanged(listener: () => void): () => void {
    return this.whole.onChanged(listener);
  }

  onGrown(listener: () => void): () => void {
    return this.whole.onGrown(listener);
  }

  /** Takes over what has changed since it last looked; once it has ended, only what has left the window. */
  #look(): void {
    const { version, growth } = this.whole;
    if (version !== this.#wholeVersion || (!this.#ended && this.#isOver())) {
      this.#wholeVersion = version;
      if (this.#cut()) {
        this.#version++;
        this.#growth++;
      }
    }
    if (growth === this.#wholeGrowth) return;
    this.#wholeGrowth = growth;
    if (!this.#ended) this.#growth++;
  }

  /** Whether anything is different from before. */
  #cut(): boolean {
    const { segments, ended, growing } = this.whole;
    const oldest = segments[0]?.sequence ?? 0;
    for (let index = Math.max(0, this.#nextSequence - oldest); index < segments.length; index++) {
      if (this.#end !== undefined) break;
      const segment = segments[index]!;
      if (this.#has(segment)) this.#first ??= segment.sequence;
      else if (this.#first !== undefined) this.#end = segment.sequence;
      this.#nextSequence = segment.sequence + 1;
    }
    const beyond = this.#first !== undefined && growing[0] !== undefined && growing[0].wallClockMs >= this.#endMs;
    if (ended || beyond || this.#isOver()) this.#end ??= this.#nextSequence;
    const from = this.#first === undefined ? segments.length : Math.max(0, this.#first - oldest);
    const to = this.#end === undefined ? segments.length : Math.max(from, this.#end - oldest);
    return this.#show(segments.slice(from, to));
  }

  #show(segments: readonly Segment[]): boolean {
    const ended = this.#end !== undefined;
    const [first, last] = [segments[0], segments.at(-1)];
    const same = first?.sequence === this.#segments[0]?.sequence && last?.sequence === this.#segments.at(-1)?.sequence;
    if (same && ended === this.#ended) return false;
    this.#ended = ended;
    if (ended) this.#endedTargetSeconds ??= this.whole.targetDurationSeconds;
    this.#segments = segments;
    this.#periods = this.whole.periods.filter(
      ({ index }) => first !== undefined && index >= first.period && index <= last!.period,
    );
    return true;
  }

  #has({ wallClockMs, durationMs }: Segment): boolean {
    return wallClockMs < this.#endMs && wallClockMs + durationMs > this.#startMs;
  }

  #isOver(): boolean {
    return this.#endMs !== Infinity && this.#now() > this.#endMs + mostLateMs;
  }
}
