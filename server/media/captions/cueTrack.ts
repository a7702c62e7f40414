import type { Cue, CueBlock } from './cue.ts';

/** What changes, put down as cues that follow each other and are cut wherever a segment ends. */
export class CueTrack {
  #sinceTicks = 0;
  #cues: Cue[] = [];

  /** `blocks` are what was on the screen until now; another thing may be from now on. */
  changed(atTicks: number, blocks: readonly CueBlock[]): void {
    // What comes late belongs to what has not been given out.
    const endTicks = Math.max(atTicks, this.#sinceTicks);
    if (blocks.length > 0 && endTicks > this.#sinceTicks) {
      this.#cues.push({ startTicks: this.#sinceTicks, endTicks, blocks });
    }
    this.#sinceTicks = endTicks;
  }

  /** The cues from the last cut to this one. What is still on the screen goes on in the next. */
  cut(fromTicks: number, toTicks: number, shown: readonly CueBlock[]): Cue[] {
    this.changed(toTicks, shown);
    const within = this.#cues.flatMap(({ startTicks, endTicks, blocks }) => {
      const cue = { startTicks: Math.max(startTicks, fromTicks), endTicks: Math.min(endTicks, toTicks), blocks };
      return cue.endTicks > cue.startTicks ? [cue] : [];
    });
    this.#cues = [];
    return within;
  }
}
