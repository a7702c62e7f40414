import { Fifo } from '../../media/fifo.ts';
import { SlidingText } from '../slidingText.ts';

/** Segments of equal length that follow each other without a gap: one `S` element. */
export interface Run {
  startTicks: number;
  readonly durationTicks: number;
  count: number;
}

export interface SegmentSpan {
  readonly startTicks: number;
  readonly durationTicks: number;
}

/** The `S` elements of one SegmentTimeline (ISO/IEC 23009-1 5.3.9.6), extended at the end and shortened at the beginning. */
export class SegmentRuns {
  readonly #runs = new Fifo<Run>();
  /** One entry per run that will not change any more: all but the last. */
  readonly #closed = new SlidingText();
  /** End of the run before the last one; undefined when there is none. */
  #closedEndTicks: number | undefined;
  readonly #element: typeof dashElement;

  /** `element` writes a run; the end of the run before it is given where there is one. */
  constructor(element = dashElement) {
    this.#element = element;
  }

  get length(): number {
    return this.#runs.length;
  }

  push(startTicks: number, durationTicks: number): void {
    const { last } = this.#runs;
    const runs = last ? [last] : [];
    extend(runs, { startTicks, durationTicks });
    for (const run of runs.slice(last ? 1 : 0)) this.#open(run);
  }

  /** Drops the first segment. */
  shift(): void {
    const first = this.#runs.at(0);
    if (!first) return;
    first.startTicks += first.durationTicks;
    if (--first.count > 0) return;
    this.#runs.shift();
    this.#closed.shift();
  }

  /** `announced`: segments to be listed behind those that are there, for this once. */
  text(announced: readonly SegmentSpan[] = []): Buffer {
    const first = this.#runs.at(0);
    const last = this.#runs.last;
    const runs = last ? [{ ...last }] : [];
    for (const span of announced) extend(runs, span);
    const isOnly = first === last;
    let previousEndTicks = isOnly ? undefined : this.#closedEndTicks;
    let text = '';
    for (const run of runs) {
      text += this.#element(run, previousEndTicks);
      previousEndTicks = endOf(run);
    }
    const open = Buffer.from(text, 'latin1');
    if (isOnly || !first) return open;
    return Buffer.concat([Buffer.from(this.#element(first, undefined), 'latin1'), this.#closed.from(1), open]);
  }

  #open(run: Run): void {
    const last = this.#runs.last;
    if (last) {
      this.#closed.push('', this.#element(last, this.#runs.length > 1 ? this.#closedEndTicks : undefined));
      this.#closedEndTicks = endOf(last);
    }
    this.#runs.push(run);
  }
}

/** Puts a segment behind the last of these runs. Elements must not overlap: one said to reach into the next is cut off there. */
function extend(runs: Run[], { startTicks, durationTicks }: SegmentSpan): void {
  shortenLast(runs, startTicks);
  const last = runs.at(-1);
  if (last && last.durationTicks === durationTicks && endOf(last) === startTicks) last.count++;
  else runs.push({ startTicks, durationTicks, count: 1 });
}

function shortenLast(runs: Run[], nextStartTicks: number): void {
  const last = runs.at(-1);
  if (!last || endOf(last) <= nextStartTicks) return;
  const startTicks = endOf(last) - last.durationTicks;
  if (nextStartTicks <= startTicks) return;
  const shortened = { startTicks, durationTicks: nextStartTicks - startTicks, count: 1 };
  if (--last.count > 0) runs.push(shortened);
  else Object.assign(last, shortened);
}

function endOf({ startTicks, durationTicks, count }: Run): number {
  return startTicks + durationTicks * count;
}

/** `@t` only where the element does not begin at the end of the one before it. */
function dashElement({ startTicks, durationTicks, count }: Run, previousEndTicks: number | undefined): string {
  const t = startTicks === previousEndTicks ? '' : ` t="${startTicks}"`;
  const r = count === 1 ? '' : ` r="${count - 1}"`;
  return `<S${t} d="${durationTicks}"${r}/>`;
}
