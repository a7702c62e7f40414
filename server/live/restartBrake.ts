/** Restarts that follow each other within this time are taken to have one cause that goes on. */
const followsWithinMs = 5000;
const firstPauseMs = 1000;
const longestPauseMs = 8000;
const minuteMs = 60_000;
const mostChangesPerMinute = 20;

export const unsteadyAdvice = `It changed its picture, its sound or its clock more than ${mostChangesPerMinute} times in a minute: set it to a fixed size, frame rate and sound.`;

/** How often one publisher may have its transcode begun anew because it changed what it sends. */
export class RestartBrake {
  #inARow = 0;
  /** When it is, or was, read again after the last one (Unix ms). */
  #lastMs = -Infinity;
  #changesMs: readonly number[] = [];

  /** It has changed what it sends; false when that is once too often. */
  allowsChange(nowMs: number): boolean {
    this.#changesMs = [...this.#changesMs, nowMs].filter((atMs) => nowMs - atMs < minuteMs);
    return this.#changesMs.length <= mostChangesPerMinute;
  }

  /** Counts a restart; returns how long it has to wait for it. */
  pauseMs(nowMs: number): number {
    this.#inARow = nowMs - this.#lastMs < followsWithinMs ? this.#inARow + 1 : 0;
    const pauseMs = this.#inARow === 0 ? 0 : Math.min(firstPauseMs * 2 ** (this.#inARow - 1), longestPauseMs);
    this.#lastMs = nowMs + pauseMs;
    return pauseMs;
  }
}
