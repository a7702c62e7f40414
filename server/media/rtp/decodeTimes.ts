/**
 * Gives pictures that come in decoding order, and say only when they are shown, their decoding times. A picture is
 * decoded when the one shown `reorderFrames` pictures before it begins to be shown: at least that one is complete by then.
 */
export class DecodeTimes {
  readonly #reorderFrames: number;
  /** Of the pictures shown last, those whose times have not been used, in their order. */
  #shown: number[] = [];
  #last: number | undefined;

  constructor(reorderFrames: number) {
    this.#reorderFrames = reorderFrames;
  }

  get reorderFrames(): number {
    return this.#reorderFrames;
  }

  /** A key frame from which on nothing before it counts: what should come between did not. */
  begin(shownTicks: number, frameTicks: number): void {
    this.#shown = Array.from(
      { length: this.#reorderFrames },
      (_, index) => shownTicks - (this.#reorderFrames - index) * frameTicks,
    );
  }

  /** Undefined for a picture that is shown before one that must have been decoded earlier: more is reordered than was said. */
  next(shownTicks: number): number | undefined {
    const shown = this.#shown;
    let place = shown.length;
    while (place > 0 && (shown[place - 1] ?? 0) > shownTicks) place -= 1;
    shown.splice(place, 0, shownTicks);
    const earliest = shown.shift() ?? shownTicks;
    if (this.#last !== undefined && shownTicks < this.#last) return undefined;
    return this.#advance(earliest);
  }

  /** A time for a picture that `next` had none for: after the one before, though later than it is shown. */
  squeeze(): number {
    return this.#advance(-Infinity);
  }

  #advance(ticks: number): number {
    this.#last = Math.max(ticks, this.#last === undefined ? ticks : this.#last + 1);
    return this.#last;
  }
}

/** How many pictures at most come before one in decoding order and are shown after it. */
export function countReordered(shownTicks: readonly number[]): number {
  let most = 0;
  for (const [index, own] of shownTicks.entries())
    most = Math.max(most, shownTicks.slice(0, index).filter((earlier) => earlier > own).length);
  return most;
}
