/** A jump by more than this is another time base, not a gap. */
const jumpMs = 10_000;

/**
 * Where encoders begin again at 0: with the protocol's 32 bits (49.7 days), with FLV's signed ones as ffmpeg writes them
 * (24.9 days), or with 24 where extended timestamps are unknown (4.7 hours).
 */
const wraps = [2 ** 32, 2 ** 31, 2 ** 24] as const;

/** Makes ever-growing times of milliseconds that wrap, and tells jumps from the passing of time. */
export class MediaClock {
  #lastTimestamp: number | undefined;
  #positionMs = 0;
  readonly #lastMs: { video?: number; audio?: number } = {};

  /** Where something that comes beside the media belongs; undefined before any. */
  place(timestamp: number): number | undefined {
    if (this.#lastTimestamp === undefined) return undefined;
    return this.#positionMs + passed(this.#lastTimestamp, timestamp);
  }

  /** `jumped`: this kind of media does not go on where it, or the other kind, was. */
  read(kind: 'video' | 'audio', timestamp: number): { timestampMs: number; jumped: boolean } {
    this.#positionMs += this.#lastTimestamp === undefined ? timestamp : passed(this.#lastTimestamp, timestamp);
    this.#lastTimestamp = timestamp;
    const timestampMs = this.#positionMs;
    const own = this.#lastMs[kind];
    const other = this.#lastMs[kind === 'video' ? 'audio' : 'video'];
    const jumped = isFar(timestampMs, own) && (other === undefined || isFar(timestampMs, other));
    this.#lastMs[kind] = timestampMs;
    return { timestampMs, jumped };
  }
}

/** From one timestamp to the next, of whichever kind: across a wrap when that makes it a short time. */
function passed(last: number, next: number): number {
  const difference = next - last;
  for (const wrap of wraps) {
    const folded = difference - Math.round(difference / wrap) * wrap;
    // Only the two ends of one range are neighbours.
    if (Math.abs(folded) <= jumpMs && Math.max(last, next) < wrap) return folded;
  }
  return difference | 0;
}

function isFar(timestampMs: number, last: number | undefined): boolean {
  return last !== undefined && Math.abs(timestampMs - last) > jumpMs;
}
