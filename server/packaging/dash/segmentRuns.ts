import { Fifo } from '../../media/fifo.ts';
import { SlidingText } from '../slidingText.ts';

/** Segments of equal length that follow each other without a gap: one `S` element. */
export interface Run {
  startTicks: number;
  readonly durationTicks: number;
  count: number;
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
    this.#shortenLast(startTicks);
    const last = this.#runs.last;
    if (last && last.durationTicks === durationTicks && endOf(last) === startTicks) last.count++;
    else this.#open({ startTicks, durationTicks, count: 1 });
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

  text(): Buffer {
    const first = this.#runs.at(0);
    const last = this.#runs.last;
    if (!first || !last) return Buffer.alloc(0);
    if (first === last) return Buffer.from(this.#element(first, undefined), 'latin1');
    return Buffer.concat([
      Buffer.from(this.#element(first, undefined), 'latin1'),
      this.#closed.from(1),
      Buffer.from(this.#element(last, this.#closedEndTicks), 'latin1'),
    ]);
  }

  /** Elements must not overlap: a segment said to reach into the next one is cut off there. */
  #shortenLast(nextStartTicks: number): void {
    const last = this.#runs.last;
    if (!last || endOf(last) <= nextStartTicks) return;
    const startTicks = endOf(last) - last.durationTicks;
    if (nextStartTicks <= startTicks) return;
    const shortened = { startTicks, durationTicks: nextStartTicks - startTicks, count: 1 };
    if (--last.count > 0) this.#open(shortened);
    else Object.assign(last, shortened);
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

function endOf({ startTicks, durationTicks, count }: Run): number {
  return startTicks + durationTicks * count;
}

/** `@t` only where the element does not begin at the end of the one before it. */
function dashElement({ startTicks, durationTicks, count }: Run, previousEndTicks: number | undefined): string {
  const t = startTicks === previousEndTicks ? '' : ` t="${startTicks}"`;
  const r = count === 1 ? '' : ` r="${count - 1}"`;
  return `<S${t} d="${durationTicks}"${r}/>`;
}
