/** Seconds that what is buffered may shrink to, at its lowest, before playback is held up. */
const leastReserveSeconds = 0.4;
const mostReserveSeconds = 2;
/** Each time playback was held up, so much more is wanted for a while. */
const heldUpSeconds = 0.25;
/** What is wanted more wears off, in seconds for each second. */
const wearOff = 0.01;
/** The reserve is lowest once in a segment, when the next one is about to be found. */
const lookBackMs = 8000;
const leastLookBackMs = 3000;

/**
 * Tells how far behind the newest media a viewer is who wants to be as close to it as playback allows: what is buffered
 * at its lowest, over a few segments, against what is needed to be safe. No clock is asked, neither ours nor the server's.
 */
export class BufferReserve {
  #samples: { readonly atMs: number; readonly aheadSeconds: number }[] = [];
  #wantedSeconds = leastReserveSeconds;
  #heldUpMs = -Infinity;

  /** What is buffered ahead of the playback position now. */
  sample(nowMs: number, aheadSeconds: number): void {
    this.#samples.push({ atMs: nowMs, aheadSeconds });
    while (this.#samples[0]!.atMs < nowMs - lookBackMs) this.#samples.shift();
  }

  /** Playback stopped for want of media; when it had not begun, that says nothing. */
  heldUp(nowMs: number): void {
    if (this.#samples.length === 0) return;
    this.#wantedSeconds = Math.min(this.#wantedAt(nowMs) + heldUpSeconds, mostReserveSeconds);
    this.#heldUpMs = nowMs;
    this.forget();
  }

  /** The position or the speed has been changed: what was seen before says nothing any more. */
  forget(): void {
    this.#samples = [];
  }

  /** Negative when there is less than is safe; undefined until enough has been seen. */
  behindSeconds(nowMs: number): number | undefined {
    const oldest = this.#samples[0];
    if (!oldest || nowMs - oldest.atMs < leastLookBackMs) return undefined;
    return Math.min(...this.#samples.map(({ aheadSeconds }) => aheadSeconds)) - this.#wantedAt(nowMs);
  }

  #wantedAt(nowMs: number): number {
    if (this.#heldUpMs === -Infinity) return this.#wantedSeconds;
    const wornOff = ((nowMs - this.#heldUpMs) / 1000) * wearOff;
    return Math.max(leastReserveSeconds, this.#wantedSeconds - wornOff);
  }
}
