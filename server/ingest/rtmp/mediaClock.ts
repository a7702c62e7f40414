/** A jump by more than this is another time base, not a gap. */
const jumpMs = 10_000;

/** Makes ever-growing times of 32-bit milliseconds (49.7 days) and tells jumps from the passing of time. */
export class MediaClock {
  #lastTimestamp: number | undefined;
  #positionMs = 0;
  readonly #lastMs: { video?: number; audio?: number } = {};

  /** `jumped`: this kind of media does not go on where it, or the other kind, was. */
  read(kind: 'video' | 'audio', timestamp: number): { timestampMs: number; jumped: boolean } {
    // The signed 32-bit difference to the last one, whichever kind it was.
    this.#positionMs += this.#lastTimestamp === undefined ? timestamp : (timestamp - this.#lastTimestamp) | 0;
    this.#lastTimestamp = timestamp;
    const timestampMs = this.#positionMs;
    const own = this.#lastMs[kind];
    const other = this.#lastMs[kind === 'video' ? 'audio' : 'video'];
    const jumped = isFar(timestampMs, own) && (other === undefined || isFar(timestampMs, other));
    this.#lastMs[kind] = timestampMs;
    return { timestampMs, jumped };
  }
}

function isFar(timestampMs: number, last: number | undefined): boolean {
  return last !== undefined && Math.abs(timestampMs - last) > jumpMs;
}
