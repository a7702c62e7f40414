import type { Logger } from '../log.ts';
import type { Segment } from '../media/timeline.ts';
import type { SegmentRange, SegmentStore } from '../segments/segmentStore.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import type { CatalogEntry, KnownRecording, RecordedEntries } from './recordingCatalog.ts';
import type { RecordingIndex } from './recordingIndex.ts';
import { fits, hoursOf, nameRecording, reasonForNewRecording, type RecordingMode } from './recordingRules.ts';
import { spanOf } from './spanOf.ts';

/** How often the catalog hears how long a recording has become. */
const lengthEveryMs = 5000;

export interface RecordingParts {
  readonly entries: RecordedEntries;
  readonly index: RecordingIndex;
  readonly store: Pick<SegmentStore, 'compose' | 'composed' | 'rangesOf'>;
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
  /** The recorded entry; null before the first segment, and when it has been deleted. */
  readonly entryId: string | null;
  /** Why it stopped, for people; null while it goes on. */
  readonly notice: string | null;
}

interface Part {
  readonly known: KnownRecording;
  /** What former broadcasts have brought. */
  readonly closed: readonly SegmentRange[];
  recordedMs: number;
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
  /** The first segment that has not been looked at. */
  #next = 0;
  #notice: string | null = null;
  #lengthToldAtMs = 0;
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
      entryId: this.#part?.known.entryId ?? null,
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

  /** The broadcast goes on without being recorded further. */
  async stop(reason: string): Promise<void> {
    this.#do('stop', async () => {
      if (this.#notice !== null) return;
      this.#notice = reason;
      await this.#close(reason);
      this.#listener.happened('recordingStopped', reason);
    });
    await this.#settled();
  }

  /** Its recorded entry is being deleted. */
  async drop(reason: string): Promise<void> {
    this.#do('drop', () => {
      this.#part = undefined;
      this.#notice = reason;
      this.#listener.happened('recordingStopped', reason);
      return Promise.resolve();
    });
    await this.#settled();
  }

  /** The broadcast has ended. Never rejects. */
  async finish(): Promise<void> {
    this.#look();
    this.#do('finish', () => this.#close(null));
    await this.pause();
  }

  /** The server stops, and may go on with it after its next start. Never rejects. */
  async pause(): Promise<void> {
    this.#unsubscribe?.();
    await this.#settled();
  }

  async #resume(): Promise<void> {
    const { id } = this.#timeline;
    const ofBroadcast = this.#parts.index.of(this.#source.id).filter(({ broadcastId }) => broadcastId === id);
    const known = ofBroadcast.find(({ open }) => open);
    if (known) {
      this.#next = (this.#timeline.segments.at(-1)?.sequence ?? -1) + 1;
      const composed = await this.#parts.store.composed(known.entryId);
      const closed = (composed ? this.#rangesOf(composed) : []).filter(({ timelineId }) => timelineId !== id);
      this.#part = { known, closed, recordedMs: composed ? lengthOf(composed.segments) : 0 };
      await this.#compose(null);
    } else if (ofBroadcast.length > 0) {
      this.#notice = 'The recording of this broadcast has been stopped.';
    }
  }

  #look(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#do('record', async () => {
      this.#looking = false;
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
      if (this.#mode === 'perSession') {
        this.#notice = `The recording has ${hoursOf(limitMs)}; the broadcast goes on without it.`;
        this.#listener.happened('recordingStopped', this.#notice);
        return;
      }
    }
    this.#part ??= await this.#open(segment);
    this.#part.recordedMs += segment.durationMs;
    this.#next = segment.sequence + 1;
  }

  /** Goes on with the newest recording or begins another one, from this segment on. */
  async #open(segment: Segment): Promise<Part> {
    const { entries, index, store, limitMs } = this.#parts;
    const newest = index.of(this.#source.id).at(-1);
    const entry = newest && (await entries.get(newest.entryId));
    const composed = newest && entry?.video && (await store.composed(newest.entryId));
    const recordedMs = composed ? lengthOf(composed.segments) : 0;
    const former = newest && entry?.video ? { ...entry.video, mode: newest.mode, recordedMs } : undefined;
    const reason = reasonForNewRecording(this.#mode, former, segment.durationMs, limitMs);
    const place = { broadcastId: this.#timeline.id, firstSequence: segment.sequence, open: true };
    if (reason === undefined && newest && entry && composed) {
      const part: Part = { known: { ...newest, ...place }, closed: this.#rangesOf(composed), recordedMs };
      await entries.setVideo(entry.id, { status: 'recording', failure: null });
      await this.#begin(part);
      this.#listener.happened('recordingStarted', `Recording goes on in “${entry.name}”.`);
      return part;
    }
    const number = (newest?.number ?? 0) + 1;
    const created = await entries.createVideo({
      ...newVideoOf(this.#source),
      name: nameRecording(this.#source.name, this.#mode, number),
    });
    const known = { entryId: created.id, sourceEntryId: this.#source.id, mode: this.#mode, number, ...place };
    const part: Part = { known, closed: [], recordedMs: 0 };
    await this.#begin(part);
    const because = reason ? `${reason}; ` : '';
    this.#listener.happened('recordingStarted', `${because}${because ? 'r' : 'R'}ecording to “${created.name}”.`);
    return part;
  }

  /** In the index first: what was composed and is in no index would be kept for ever. */
  async #begin(part: Part): Promise<void> {
    this.#part = part;
    await this.#parts.index.put(part.known);
    await this.#compose(null);
  }

  async #close(failure: string | null): Promise<void> {
    const part = this.#part;
    if (!part) return;
    await this.#compose(this.#next);
    this.#part = undefined;
    await this.#parts.index.put({ ...part.known, open: false });
    const composed = await this.#parts.store.composed(part.known.entryId);
    const durationMs = composed ? spanOf(composed.segments) : part.recordedMs;
    await this.#parts.entries.setVideo(part.known.entryId, { status: 'ready', durationMs, failure });
  }

  async #compose(end: number | null): Promise<void> {
    if (!this.#part) return;
    const { known, closed } = this.#part;
    const range = { timelineId: this.#timeline.id, first: known.firstSequence, end };
    await this.#parts.store.compose(known.entryId, known.entryId, [...closed, range]);
  }

  #rangesOf(composed: TimelineReader): readonly SegmentRange[] {
    const [first, last] = [composed.segments[0], composed.segments.at(-1)];
    return first && last ? this.#parts.store.rangesOf(composed, first.sequence, last.sequence + 1) : [];
  }

  async #tellLength(): Promise<void> {
    const nowMs = this.#parts.now();
    if (!this.#part || nowMs - this.#lengthToldAtMs < lengthEveryMs) return;
    this.#lengthToldAtMs = nowMs;
    await this.#parts.entries.setVideo(this.#part.known.entryId, { durationMs: this.#part.recordedMs });
  }

  /** One after the other. When one fails, the recording stops and the broadcast goes on. */
  #do(step: string, run: () => Promise<void>): void {
    this.#steps = this.#steps.then(run).catch((error: unknown) => this.#fail(step, error));
  }

  async #fail(step: string, error: unknown): Promise<void> {
    this.#log.error({ err: error, step }, 'recording failed');
    const wasRecording = this.#notice === null;
    this.#notice = 'The recording could not be stored; the server’s log says why.';
    const part = this.#part;
    this.#part = undefined;
    if (wasRecording) this.#listener.happened('recordingStopped', this.#notice);
    if (!part) return;
    const status = part.recordedMs > 0 ? 'ready' : 'failed';
    const failed = { status, failure: this.#notice, durationMs: part.recordedMs } as const;
    await this.#parts.entries
      .setVideo(part.known.entryId, failed)
      .then(() => this.#parts.index.put({ ...part.known, open: false }))
      .catch((again: unknown) => this.#log.error({ err: again }, 'recording could not be marked as failed'));
  }

  async #settled(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.#steps;) {
      seen = this.#steps;
      await seen;
    }
  }
}

function newVideoOf(source: CatalogEntry) {
  const { id, description, tags, createdBy, profileId, retentionDays } = source;
  const about = { description, tags, createdBy, profileId, retentionDays };
  const made = { origin: 'recording', status: 'recording', progress: null, failure: null, durationMs: 0 } as const;
  return { ...about, ...made, sourceEntryId: id, rootEntryId: id, trimmed: false };
}

/** Media in it, without gaps. */
function lengthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
