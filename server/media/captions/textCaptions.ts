import { escapeCueText, type Cue, type CueBlock } from './cue.ts';
import { CueTrack } from './cueTrack.ts';

/** A text that nothing follows goes after this. */
const longestTicks = 10 * 90_000;
/** More than is said within any segment. */
const mostWaiting = 1000;

interface Said {
  readonly ticks: number;
  readonly blocks: readonly CueBlock[];
}

/** Plain texts of one language, each shown until the next one comes. Times are in 90 kHz. */
export class TextCaptions {
  readonly #track = new CueTrack();
  #waiting: Said[] = [];
  #shown: Said = { ticks: 0, blocks: [] };

  say(ticks: number, text: string): void {
    if (this.#waiting.length >= mostWaiting) return;
    // An empty line would end a cue (WebVTT 4.1).
    const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
    const blocks = lines.length > 0 ? [{ settings: '', text: escapeCueText(lines.join('\n')) }] : [];
    const after = this.#waiting.findLastIndex((other) => other.ticks <= ticks);
    this.#waiting.splice(after + 1, 0, { ticks, blocks });
  }

  /** What is shown from the last cut to this one. */
  cut(fromTicks: number, toTicks: number): Cue[] {
    while (this.#waiting[0] && this.#waiting[0].ticks < toTicks) this.#show(this.#waiting.shift()!);
    this.#expire(toTicks);
    return this.#track.cut(fromTicks, toTicks, this.#shown.blocks);
  }

  #show(next: Said): void {
    this.#expire(next.ticks);
    this.#track.changed(next.ticks, this.#shown.blocks);
    this.#shown = next;
  }

  #expire(byTicks: number): void {
    const endTicks = this.#shown.ticks + longestTicks;
    if (this.#shown.blocks.length === 0 || endTicks >= byTicks) return;
    this.#track.changed(endTicks, this.#shown.blocks);
    this.#shown = { ticks: endTicks, blocks: [] };
  }
}
