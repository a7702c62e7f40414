import { readInit, type InitSegment } from '../../media/mp4/initSegment.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';

/** Ladders of some periods; read again when needed. */
const mostKept = 64;

/** The init segments of a timeline's tracks, read once and kept as long as they are in use. */
export class TrackInits {
  readonly #timeline: TimelineReader;
  readonly #kept = new Map<string, Promise<InitSegment>>();

  constructor(timeline: TimelineReader) {
    this.#timeline = timeline;
  }

  /** Undefined when the store has none (any more). */
  async of(period: number, trackId: string): Promise<InitSegment | undefined> {
    const key = `${period}/${trackId}`;
    const kept = this.#kept.get(key);
    if (kept) return await kept;
    const stored = this.#timeline.init(period, trackId);
    if (!stored) return undefined;
    const reading = stored.buffer().then((bytes) => readInit(bytes));
    this.#kept.set(key, reading);
    if (this.#kept.size > mostKept) this.#kept.delete(this.#kept.keys().next().value!);
    try {
      return await reading;
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
  }
}
