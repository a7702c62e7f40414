import type {
  NewFragment,
  PeriodWriter,
  SegmentWriter,
  TimelineWriter,
  TrackWithInit,
} from '../segments/segmentStore.ts';
import type { SegmenterEvent } from './segmenter.ts';

/** Carries the segmenter's decisions out on a timeline, in their order, without making media wait. */
export class TimelineOutput {
  readonly #writer: TimelineWriter;
  readonly #onError: (error: unknown) => void;
  readonly #segments = new Map<number, SegmentWriter>();
  readonly #completions = new Set<Promise<void>>();
  #period: PeriodWriter | undefined;
  #tail: Promise<void> = Promise.resolve();
  #failed = false;
  #lostSegments = 0;

  /** `onError` hears at most once that no period can be written; segments that fail are the store's to report. */
  constructor(writer: TimelineWriter, onError: (error: unknown) => void) {
    this.#writer = writer;
    this.#onError = onError;
  }

  /** Wall clock (Unix ms) of position 0. */
  get epochMs(): number {
    return this.#writer.timeline.epochMs;
  }

  /** Segments that could not be stored. */
  get lostSegments(): number {
    return this.#lostSegments;
  }

  /** `tracks` are those a period that begins now is made of. */
  apply(events: readonly SegmenterEvent<NewFragment>[], tracks: () => readonly TrackWithInit[]): void {
    for (const event of events) {
      const beginning = event.type === 'open' && event.newPeriod ? tracks() : undefined;
      this.#tail = this.#tail.then(() => this.#apply(event, beginning)).catch((error: unknown) => this.#fail(error));
    }
  }

  /** Everything applied so far is stored, or has failed. */
  async settle(): Promise<void> {
    await this.#tail;
    await Promise.all(this.#completions);
  }

  async #apply(event: SegmenterEvent<NewFragment>, tracks: readonly TrackWithInit[] | undefined): Promise<void> {
    if (this.#failed) return;
    if (event.type === 'open') await this.#open(event.segment, Math.floor(event.startMs), tracks);
    else if (event.type === 'append') this.#segments.get(event.segment)?.append(event.trackId, event.fragment);
    else this.#complete(event.segment);
  }

  async #open(segment: number, startMs: number, tracks: readonly TrackWithInit[] | undefined): Promise<void> {
    if (tracks) this.#period = await this.#writer.startPeriod({ startMs, tracks });
    const wallClockMs = this.#writer.timeline.epochMs + startMs;
    const writer = this.#period?.openSegment({ startMs, wallClockMs });
    if (writer) this.#segments.set(segment, writer);
  }

  #complete(segment: number): void {
    const completion = this.#segments
      .get(segment)
      ?.complete()
      .catch(() => void this.#lostSegments++);
    this.#segments.delete(segment);
    if (!completion) return;
    this.#completions.add(completion);
    void completion.then(() => this.#completions.delete(completion));
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#segments.clear();
    this.#onError(error);
  }
}
