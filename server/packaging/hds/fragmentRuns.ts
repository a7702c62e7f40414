import { Fifo } from '../../media/fifo.ts';
import type { Segment } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { segmentsAtOnce } from '../longWork.ts';
import { SlidingText } from '../slidingText.ts';
import { fragmentNumber } from './fragmentPath.ts';

/** Adobe F4V 2.11.2.22; of the indicators only these two occur. */
const discontinuities = { endOfPresentation: 0, numbersAndTimestamps: 3 } as const;

/** A FRAGMENTRUNENTRY: fragments of one duration that follow each other, or a mark between them. */
interface Run {
  firstFragment: number;
  startMs: number;
  /** 0 for a mark. */
  readonly durationMs: number;
  /** Fragments in it; a mark has none. */
  count: number;
}

/**
 * The runs that describe a timeline's segments, one fragment each, extended at the end and shortened at the beginning. A new
 * period is marked even where time goes on.
 */
export class FragmentRuns {
  readonly #runs = new Fifo<Run>();
  /** Entries of the runs that will not change any more: of all but the last. */
  readonly #closed = new SlidingText();
  #period: number | undefined;
  #firstSequence = 0;
  #nextSequence = 0;

  /** Number of entries, with the end's mark if there is one. */
  length(ended: boolean): number {
    return this.#runs.length + (ended ? 1 : 0);
  }

  /** The timeline must have a segment. */
  update(timeline: TimelineReader): void {
    while (this.takeOver(timeline));
  }

  /** As `update`, but some of what is new only: whether there is more, for the next turn. */
  takeOver({ segments }: TimelineReader): boolean {
    const first = segments[0]!.sequence;
    for (; this.#firstSequence < first && this.#runs.length > 0; this.#firstSequence++) this.#shift();
    if (this.#runs.length === 0) {
      this.#period = undefined;
      this.#firstSequence = this.#nextSequence = first;
    }
    const from = this.#nextSequence - first;
    const to = Math.min(segments.length, from + segmentsAtOnce);
    for (let index = from; index < to; index++) this.#push(segments[index]!);
    this.#nextSequence = first + to;
    return to < segments.length;
  }

  /** The entries behind each other; at the end of the presentation with its mark. */
  entries(ended: boolean): Buffer {
    const { first, last } = this.#runs;
    if (!first || !last) return Buffer.alloc(0);
    const closed = first === last ? [] : [latin1(entry(first)), this.#closed.from(1)];
    const { endOfPresentation } = discontinuities;
    const end = ended ? latin1(entry(markBehind(last), endOfPresentation)) : Buffer.alloc(0);
    return Buffer.concat([...closed, latin1(entry(last)), end]);
  }

  #push(segment: Segment): void {
    const startMs = Math.round(segment.startMs);
    const durationMs = Math.max(1, Math.round(segment.startMs + segment.durationMs) - startMs);
    const { last } = this.#runs;
    if (last && segment.period !== this.#period) this.#open(markBehind(last));
    this.#period = segment.period;
    if (last && last === this.#runs.last && last.durationMs === durationMs && endOf(last) === startMs) last.count++;
    else this.#open({ firstFragment: fragmentNumber(segment), startMs, durationMs, count: 1 });
  }

  #open(run: Run): void {
    const { last } = this.#runs;
    if (last) this.#closed.push('', entry(last));
    this.#runs.push(run);
  }

  /** Drops the first fragment, and marks that would come first. */
  #shift(): void {
    const { first } = this.#runs;
    if (!first) return;
    first.firstFragment++;
    first.startMs += first.durationMs;
    first.count--;
    while (this.#runs.first?.count === 0) {
      this.#runs.shift();
      this.#closed.shift();
    }
  }
}

function endOf({ startMs, durationMs, count }: Run): number {
  return startMs + durationMs * count;
}

function markBehind(run: Run): Run {
  return { firstFragment: run.firstFragment + run.count, startMs: endOf(run), durationMs: 0, count: 0 };
}

/** Adobe F4V 2.11.2.22, a byte in each character. */
function entry(run: Run, discontinuity: number = discontinuities.numbersAndTimestamps): string {
  const { firstFragment, startMs, durationMs } = run;
  const bytes = Buffer.allocUnsafe(durationMs === 0 ? 17 : 16);
  let at = bytes.writeUInt32BE(firstFragment);
  at = bytes.writeUInt32BE(Math.floor(startMs / 2 ** 32), at);
  at = bytes.writeUInt32BE(startMs % 2 ** 32, at);
  at = bytes.writeUInt32BE(durationMs, at);
  if (durationMs === 0) bytes.writeUInt8(discontinuity, at);
  return bytes.toString('latin1');
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
