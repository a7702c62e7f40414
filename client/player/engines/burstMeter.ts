/** A silence this long is the sender's, who has nothing more yet; a slow network trickles. */
const silenceMs = 100;
/** So much has to have come for a measurement that says something. */
const leastBytes = 64 * 1024;
/** What comes faster is taken to come in this time: less is not measured well. */
const leastMs = 25;

/**
 * Measures how fast a network is while media comes in bursts, as it is made: only the time counts in which bytes were on
 * their way. Taken as a whole, such a download is never faster than the media's own bit rate.
 */
export class BurstMeter {
  #ms = 0;
  #bytes = 0;
  #readMs = -Infinity;

  read(nowMs: number, bytes: number): void {
    const sinceMs = nowMs - this.#readMs;
    if (sinceMs < silenceMs) this.#ms += sinceMs;
    this.#bytes += bytes;
    this.#readMs = nowMs;
  }

  /** What has been measured since it was last taken; undefined when that is too little to say. */
  take(): { readonly ms: number; readonly bytes: number } | undefined {
    if (this.#bytes < leastBytes) return undefined;
    const taken = { ms: Math.max(this.#ms, leastMs), bytes: this.#bytes };
    this.#ms = 0;
    this.#bytes = 0;
    return taken;
  }
}
