/** Encoders whose clocks differ by less than this are taken to share one. */
const sharedClockMs = 1500;

/**
 * The moment from which the media times of several sources count, so that what was made together stays together:
 * sources of one encoder by their timestamps, sources with clocks of their own by when their media arrive.
 */
export class ReadingClock {
  #zero: { readonly timestampMs: number; readonly offsetMs: number } | undefined;

  /**
   * Where 0 is in a source's own timestamps; the first to ask puts it where it begins. `offsetMs` is the wall clock at
   * arrival minus the timestamp.
   */
  zeroFor(timestampMs: number, offsetMs: number): number {
    this.#zero ??= { timestampMs, offsetMs };
    const differenceMs = this.#zero.offsetMs - offsetMs;
    return Math.abs(differenceMs) < sharedClockMs ? this.#zero.timestampMs : this.#zero.timestampMs + differenceMs;
  }
}
