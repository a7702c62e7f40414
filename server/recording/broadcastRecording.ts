import type { Logger } from '../log.ts';
import type { Segment } from '../media/timeline.ts';
import type { SegmentStore } from '../segments/segmentStore.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { closeAtStored } from './closeAtStored.ts';
import type { CatalogEntry, KnownRecording, RecordedEntries } from './recordingCatalog.ts';
import type { RecordingIndex } from './recordingIndex.ts';
import { rangesBefore } from './rangesBefore.ts';
import { openPart, wholeOf, type Part } from './openPart.ts';
import { fits, hoursOf, type RecordingMode } from './recordingRules.ts';
import { lengthOf, spanOf } from './spanOf.ts';

/** How often the catalog hears how long a recording has become. */
const lengthEveryMs = 5000;

export interface RecordingParts {
  readonly entries: RecordedEntries;
  readonly index: RecordingIndex;
  readonly store: Pick<SegmentStore, 'compose' | 'composed' | 'rangesOf' | 'decompose'>;
  readonly now: () => number;
  readonly limitMs: number;
}

export type RecordingEvent = 'recordingStarted' | 'recordingStopped';

export interface RecordingListener {
  happened(kind: RecordingEvent, message: string): void;
}

/** What is recorded of a broadcast now, or why nothing is. */
export interface RecordingState {
  readonly recording: boolean;
  /** The recorded entry, also when it has stopped; null before the first segment, and when it has been deleted. */
  readonly entryId: string | null;
  /** Why it stopped, for people; null while it goes on. */
  readonly notice: string | null;
}

/** One broadcast on its way into recorded entries: a new one at its start, or at the longest there may be. */
export class BroadcastRecording {
  readonly #source: CatalogEntry;
  readonly #mode: RecordingMode;
  readonly #timeline: TimelineReader;
  readonly #parts: RecordingParts;
  readonly #listener: RecordingListener;
  readonly #log: Logger;
  #part: Part | undefined;
  /** The recorded entry that the broadcast has gone to last. */
  #entryId: string | null = null;
  /** Could not be stored, and is still to be closed at what has been. */
  #broken: KnownRecording | undefined;
  /** The first segment that has not been looked at. */
  #next = 0;
  #notice: string | null = null;
  /** It may go on when what has stopped it is over. */
  #mayGoOn = true;
  /** Why it goes on, for people. */
  #because = '';
  #lengthToldAtMs = 0;
  #lengthUntold = false;
  #looking = false;
  #unsubscribe: (() => void) | undefined;
  #steps: Promise<void> = Promise.resolve();

  constructor(
    source: CatalogEntry & { readonly recording: RecordingMode },
    timeline: TimelineReader,
    parts: RecordingParts,
    listener: RecordingListener,
    log: Logger,
  ) {
    this.#source = source;
    this.#mode = source.recording;
    this.#timeline = timeline;
    this.#parts = parts;
    this.#listener = listener;
    this.#log = log;
  }

  get state(): RecordingState {
    return {
      recording: this.#notice === null,
      entryId: this.#entryId,
      notice: this.#notice,
    };
  }

  get sourceEntryId(): string {
    return this.#source.id;
  }

  /** Goes on where a former run of the server was, if it recorded this broadcast. `hindrance`: why it cannot now. */
  async start(hindrance?: string): Promise<void> {
    this.#do('resume', () => this.#resume());
    if (hindrance !== undefined) await this.stop(hindrance);
    this.#unsubscribe = this.#timeline.onChanged(() => this.#look());
    this.#look();
    await this.#settled();
  }

  /** The broadcast goes on without being recorded, until `goOn`. */
  async stop(reason: string): Promise<void> {
    this.#do('stop', async () => {
      if (this.#notice !== null) return;
      this.#notice = reason;
      this.#listener.happened('recordingStopped', reason);
      await this.#close(reason);
    });
    await this.#settled();
  }

  /** What has stopped it is over, for a reason in a few words: what comes from now on is recorded. */
  async goOn(because: string): Promise<void> {
    this.#do('go on', async () => {
      await this.#closeBroken();
      if (this.#notice === null || !this.#mayGoOn || this.#broken) return;
      this.#notice = null;
      this.#because = because;
      this.#next = this.#behindLast();
    });
    await this.#settled();
  }

  /** Its recorded entry is being deleted. */
  async drop(reason: string): Promise<void> {
    this.#do('drop', () => {
      this.#entryId = null;
      this.#broken = undefined;
      if (!this.#part) return Promise.resolve();
      this.#part = undefined;
      this.#over(reason);
      return Promise.resolve();
    });
    await this.#settled();
  }

  /** The broadcast has ended. Never rejects. */
  async finish(): Promise<void> {
    this.#look();
    this.#do('finish', () => this.#close(null));
    this.#do('finish', () => this.#closeBroken());
    await this.pause();
  }

  /** The server stops, and may go on with it after its next start. Never rejects. */
  async pause(): Promise<void> {
    this.#unsubscribe?.();
    await this.#settled();
  }

  async #resume(): Promise<void> {
    const { id } = this.#timeline;
    const { index, store, limitMs } = this.#parts;
    const known = index.of(this.#source.id).findLast(({ broadcastId }) => broadcastId === id);
    if (!known) return;
    this.#entryId = known.entryId;
    this.#next = this.#behindLast();
    if (known.open) this.#broken = known;
    const composed = await store.composed(known.entryId);
    const recordedMs = composed ? lengthOf(composed.segments) : 0;
    if (known.open) {
      const closed = composed ? rangesBefore(wholeOf(store, composed), id, known.firstSequence) : [];
      this.#part = { known, closed, recordedMs };
      await this.#compose(null);
      this.#broken = undefined;
    } else if (this.#mode === 'perSession' && !fits(recordedMs, this.#timeline.targetDurationSeconds * 1000, limitMs))
      this.#full();
  }

  #look(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#do('record', async () => {
      this.#looking = false;
      await this.#closeBroken();
      for (const segment of this.#timeline.segments) {
        if (this.#notice !== null) return;
        if (segment.sequence >= this.#next) await this.#take(segment);
      }
      await this.#tellLength();
    });
  }

  async #take(segment: Segment): Promise<void> {
    const { limitMs } = this.#parts;
    if (this.#part && !fits(this.#part.recordedMs, segment.durationMs, limitMs)) {
      await this.#close(null);
      if (this.#mode === 'perSession') return this.#full();
    }
    this.#part ??= await this.#open(segment);
    this.#part.recordedMs += segment.durationMs;
    this.#next = segment.sequence + 1;
  }

  async #open(segment: Segment): Promise<Part> {
    const { id } = this.#timeline;
    const { part, why, message } = await openPart(this.#parts, this.#source, this.#mode, { id, segment });
    await this.#begin(part);
    const because = [this.#because, why].filter(Boolean).join('; ');
    this.#because = '';
    const sentence = because ? `${because}; ${message}` : message[0]!.toUpperCase() + message.slice(1);
    this.#listener.happened('recordingStarted', sentence);
    return part;
  }

  /** No more of the broadcast is recorded. */
  #over(reason: string): void {
    this.#notice = reason;
    this.#mayGoOn = false;
    this.#listener.happened('recordingStopped', reason);
  }

  #full(): void {
    this.#over(`The recording has ${hoursOf(this.#parts.limitMs)}; the broadcast goes on without it.`);
  }

  /** In the index first: what was composed and is in no index would be kept for ever. */
  async #begin(part: Part): Promise<void> {
    this.#part = part;
    this.#entryId = part.known.entryId;
    await this.#parts.index.put(part.known);
    await this.#compose(null);
  }

  async #close(failure: string | null): Promise<void> {
    const part = this.#part;
    if (!part) return;
    await this.#compose(this.#next);
    this.#part = undefined;
    this.#broken = part.known;
    await this.#parts.index.put({ ...part.known, open: false });
    const composed = await this.#parts.store.composed(part.known.entryId);
    const durationMs = composed ? spanOf(composed.segments) : part.recordedMs;
    await this.#parts.entries.setVideo(part.known.entryId, { status: 'ready', durationMs, failure });
    this.#broken = undefined;
  }

  async #compose(end: number | null): Promise<void> {
    if (!this.#part) return;
    const { known, closed } = this.#part;
    const range = { timelineId: this.#timeline.id, first: known.firstSequence, end };
    await this.#parts.store.compose(known.entryId, known.entryId, [...closed, range]);
  }

  #behindLast(): number {
    return (this.#timeline.segments.at(-1)?.sequence ?? -1) + 1;
  }

  async #tellLength(): Promise<void> {
    const nowMs = this.#parts.now();
    if (!this.#part || nowMs - this.#lengthToldAtMs < lengthEveryMs) return;
    this.#lengthToldAtMs = nowMs;
    try {
      await this.#parts.entries.setVideo(this.#part.known.entryId, { durationMs: this.#part.recordedMs });
      this.#lengthUntold = false;
    } catch (error) {
      // It is told again, and when the recording is complete.
      if (!this.#lengthUntold) this.#log.warn({ err: error }, 'the length of a recording could not be told');
      this.#lengthUntold = true;
    }
  }

  /** One after the other. When one fails, the recording stops and the broadcast goes on. */
  #do(step: string, run: () => Promise<void>): void {
    this.#steps = this.#steps.then(run).catch((error: unknown) => this.#fail(step, error));
  }

  async #fail(step: string, error: unknown): Promise<void> {
    this.#log.error({ err: error, step }, 'recording failed');
    const wasRecording = this.#notice === null;
    this.#notice = 'The recording could not be stored; the server’s log says why.';
    this.#broken = this.#part?.known ?? this.#broken;
    this.#part = undefined;
    if (wasRecording) this.#listener.happened('recordingStopped', this.#notice);
    await this.#closeBroken();
  }

  /** Closes what could not be stored at what has been; until that works, it is tried again with every segment. */
  async #closeBroken(): Promise<void> {
    const known = this.#broken;
    if (!known) return;
    try {
      const rest = { timelineId: this.#timeline.id, first: this.#next };
      await closeAtStored(this.#parts, known, rest, this.#notice);
      this.#broken = undefined;
    } catch (error) {
      this.#log.debug({ err: error }, 'a recording that failed is still open');
    }
  }

  async #settled(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.#steps;) {
      seen = this.#steps;
      await seen;
    }
  }
}
