import { refuse, type Refusal } from '../errors.ts';

/** What a stream that comes to others on air has to be steady for: each change of the set is a new period for all. */
const firstWaitMs = 2000;
const longestWaitMs = 60_000;
/** Until a stream that came and went again and again is taken for any other. */
const rememberedMs = 120_000;
/** For as long, a stream whose key frames did not fit need not try again: its encoder has to be set up anew. */
const misfitMs = 60_000;

export const misfitAdvice =
  'Its key frames are not where those of the first stream are: send all streams from one encoder with the same key-frame interval.';

/** When a stream of an entry may go on air beside others that are on air already. */
export class StreamJoining {
  /** By stream: when it came to the others, Unix ms. */
  readonly #joins = new Map<number, readonly number[]>();
  readonly #misfits = new Map<number, number>();

  /** How long it has to be steady before: longer each time it has come and gone. */
  waitMs(index: number, nowMs: number): number {
    return Math.min(firstWaitMs * 2 ** this.#recentJoins(index, nowMs).length, longestWaitMs);
  }

  joined(index: number, nowMs: number): void {
    this.#joins.set(index, [...this.#recentJoins(index, nowMs), nowMs]);
  }

  /** Its key frames were not where those of the first stream are. */
  misfit(index: number, nowMs: number): void {
    this.#misfits.set(index, nowMs);
  }

  /** Why it is not even let in. */
  refusal(index: number, nowMs: number): Refusal | undefined {
    const sinceMs = nowMs - (this.#misfits.get(index) ?? -Infinity);
    return sinceMs < misfitMs ? refuse('badRequest', `${misfitAdvice} Then try again in a minute.`) : undefined;
  }

  /** Nobody is left whom a stream would have to fit to. */
  forgetMisfits(): void {
    this.#misfits.clear();
  }

  #recentJoins(index: number, nowMs: number): readonly number[] {
    return (this.#joins.get(index) ?? []).filter((atMs) => nowMs - atMs < rememberedMs);
  }
}
