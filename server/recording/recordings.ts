import type { Logger } from '../log.ts';
import type { SegmentStore } from '../segments/segmentStore.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { BroadcastRecording, type RecordingListener, type RecordingState } from './broadcastRecording.ts';
import type { CatalogEntry, KnownRecording, RecordedEntries, RecordingRows } from './recordingCatalog.ts';
import { RecordingIndex } from './recordingIndex.ts';
import { longestRecordingMs, type RecordingMode } from './recordingRules.ts';
import { spanOf } from './spanOf.ts';

export interface RecordingsOptions {
  readonly entries: RecordedEntries;
  readonly rows: RecordingRows;
  readonly store: Pick<SegmentStore, 'compose' | 'composed' | 'rangesOf' | 'decompose'>;
  /** Why nothing can be recorded now, for people; undefined when it can. */
  readonly hindrance?: () => string | undefined;
  readonly now: () => number;
  readonly log: Logger;
  /** The longest one recorded entry gets. */
  readonly limitMs?: number;
}

/** What becomes of broadcasts that are recorded: recorded entries, which outlive them. */
export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #index: RecordingIndex;
  /** By the entry that is on air. */
  readonly #running = new Map<string, BroadcastRecording>();
  /** On their way out of `#running`. */
  readonly #finishing = new Set<BroadcastRecording>();

  private constructor(options: RecordingsOptions, index: RecordingIndex) {
    this.#options = options;
    this.#index = index;
  }

  static async open(options: RecordingsOptions): Promise<Recordings> {
    const index = new RecordingIndex(options.rows);
    await index.load();
    return new Recordings(options, index);
  }

  /** Records a broadcast if its entry says so, or goes on with it after a restart. Never rejects. */
  async start(entryId: string, timeline: TimelineReader, listener: RecordingListener): Promise<void> {
    const { entries, store, now, log, hindrance, limitMs = longestRecordingMs } = this.#options;
    try {
      const source = await entries.get(entryId);
      if (!source || !isRecorded(source)) return;
      const parts = { entries, index: this.#index, store, now, limitMs };
      const context = { entryId, broadcastId: timeline.id };
      const recording = new BroadcastRecording(source, timeline, parts, listener, log.child(context));
      this.#running.set(entryId, recording);
      await recording.start(hindrance?.());
    } catch (error) {
      log.error({ err: error, entryId }, 'recording could not begin');
    }
  }

  /** The entry's broadcast has ended: what was recorded is complete. Never rejects. */
  async finish(entryId: string): Promise<void> {
    const recording = this.#running.get(entryId);
    this.#running.delete(entryId);
    if (!recording) return;
    this.#finishing.add(recording);
    await recording.finish();
    this.#finishing.delete(recording);
  }

  /** The server is stopping; the broadcast may go on after its next start. Never rejects. */
  async pause(entryId: string): Promise<void> {
    const recording = this.#running.get(entryId);
    this.#running.delete(entryId);
    await recording?.pause();
  }

  /** Broadcasts go on without being recorded. */
  async stopAll(reason: string): Promise<void> {
    await Promise.all([...this.#running.values()].map((recording) => recording.stop(reason)));
  }

  /** What has stopped them is over; `because` says it in a few words. */
  async goOnAll(because: string): Promise<void> {
    await Promise.all([...this.#running.values()].map((recording) => recording.goOn(because)));
  }

  /** Undefined when the entry is not on air, or not to be recorded. */
  stateOf(entryId: string): RecordingState | undefined {
    return this.#running.get(entryId)?.state;
  }

  /** Of the broadcasts that are on and should be recorded, how many are. */
  counts(): { readonly active: number; readonly stopped: number } {
    const active = [...this.#running.values()].filter(({ state }) => state.recording).length;
    return { active, stopped: this.#running.size - active };
  }

  /** The entry that plays a recording when it is not on air. */
  shownBy(entryId: string): readonly string[] {
    const source = this.#index.find(entryId)?.sourceEntryId;
    return source !== undefined && this.newestOf(source)?.entryId === entryId ? [source] : [];
  }

  /** The newest recording of an entry. */
  newestOf(entryId: string): KnownRecording | undefined {
    return this.#index.of(entryId).at(-1);
  }

  /** Lets go of an entry that is being deleted; a broadcast that goes into it goes on unrecorded. */
  async forget(entryId: string): Promise<void> {
    const own = [...this.#running.values(), ...this.#finishing].filter(({ state }) => state.entryId === entryId);
    for (const recording of own)
      await recording.drop('The recording has been deleted; the broadcast goes on without it.');
    this.#index.remove(entryId);
    await this.#options.store.decompose(entryId);
  }

  /** Completes what a former run of the server left open, but for the broadcasts that go on. Call after those have started. */
  async settle(): Promise<void> {
    const { entries } = this.#options;
    const goOn = new Set([...this.#running.values()].flatMap(({ state }) => (state.recording && state.entryId) || []));
    const left = new Set([...this.#index.open().map(({ entryId }) => entryId), ...(await entries.idsRecording())]);
    for (const entryId of left) if (!goOn.has(entryId)) await this.#complete(entryId);
  }

  async #complete(entryId: string): Promise<void> {
    const { entries, store, log } = this.#options;
    const composed = await store.composed(entryId);
    const [first, last] = [composed?.segments[0], composed?.segments.at(-1)];
    if (!composed || !first || !last) {
      log.info({ entryId }, 'a recording that had not begun is taken away');
      await this.forget(entryId);
      await entries.delete(entryId);
      return;
    }
    await store.compose(entryId, entryId, store.rangesOf(composed, first.sequence, last.sequence + 1));
    const known = this.#index.find(entryId);
    if (known) await this.#index.put({ ...known, open: false });
    await entries.setVideo(entryId, { status: 'ready', durationMs: spanOf(composed.segments) });
    log.info({ entryId }, 'a recording of an earlier run is complete');
  }
}

function isRecorded(entry: CatalogEntry): entry is CatalogEntry & { readonly recording: RecordingMode } {
  return entry.recording !== 'off';
}
