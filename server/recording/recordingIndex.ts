import type { KnownRecording, RecordingRows } from './recordingCatalog.ts';

/** What was recorded of which entry, in memory: viewers' requests ask for it. */
export class RecordingIndex {
  readonly #rows: RecordingRows;
  readonly #bySource = new Map<string, KnownRecording[]>();

  constructor(rows: RecordingRows) {
    this.#rows = rows;
  }

  async load(): Promise<void> {
    for (const recording of await this.#rows.all()) this.#place(recording);
  }

  /** Oldest first. */
  of(sourceEntryId: string): readonly KnownRecording[] {
    return this.#bySource.get(sourceEntryId) ?? [];
  }

  open(): KnownRecording[] {
    return [...this.#bySource.values()].flat().filter(({ open }) => open);
  }

  find(entryId: string): KnownRecording | undefined {
    for (const recordings of this.#bySource.values()) {
      const found = recordings.find((recording) => recording.entryId === entryId);
      if (found) return found;
    }
    return undefined;
  }

  async put(recording: KnownRecording): Promise<void> {
    await this.#rows.put(recording);
    this.#place(recording);
  }

  /** It is deleted: a recorded entry, whose row goes with it, or a source, whose recordings stay without it. */
  remove(entryId: string): void {
    this.#bySource.delete(entryId);
    const known = this.find(entryId);
    if (!known) return;
    const rest = this.of(known.sourceEntryId).filter((recording) => recording !== known);
    if (rest.length > 0) this.#bySource.set(known.sourceEntryId, rest);
    else this.#bySource.delete(known.sourceEntryId);
  }

  #place(recording: KnownRecording): void {
    const others = this.of(recording.sourceEntryId).filter(({ entryId }) => entryId !== recording.entryId);
    const all = [...others, recording].toSorted((a, b) => a.number - b.number);
    this.#bySource.set(recording.sourceEntryId, all);
  }
}
