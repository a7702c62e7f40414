import { Fifo } from '../../media/fifo.ts';
import type { SmoothTime } from '../../media/mp4/smoothFragment.ts';
import { SegmentRuns, type Run } from '../dash/segmentRuns.ts';

interface Chunk {
  readonly sequence: number;
  readonly time: SmoothTime;
}

/**
 * The chunks of one stream, as its `c` elements list them. The last one is held back until its follower is known, for
 * players learn of new chunks from the fragment before. A chunk lasts until the next one begins, so that a list has no
 * gaps, whatever the media has.
 */
export class StreamChunks {
  readonly #runs = new SegmentRuns(chunkElement);
  readonly #listed = new Fifo<Chunk>();
  #held: Chunk | undefined;

  /** Number of chunks listed. */
  get length(): number {
    return this.#listed.length;
  }

  /** From the first chunk listed to the end of the last one. */
  get range(): { readonly start: number; readonly end: number } | undefined {
    const { first, last } = this.#listed;
    return first && last && { start: first.time.start, end: last.time.start + last.time.duration };
  }

  push(sequence: number, time: SmoothTime): void {
    if (this.#held) {
      if (time.start <= this.#held.time.start) return;
      this.#list(this.#held, time.start - this.#held.time.start);
    }
    this.#held = { sequence, time };
  }

  /** Nothing follows any more. */
  end(): void {
    if (this.#held) this.#list(this.#held, this.#held.time.duration);
    this.#held = undefined;
  }

  dropBefore(sequence: number): void {
    while (this.#listed.first && this.#listed.first.sequence < sequence) {
      this.#listed.shift();
      this.#runs.shift();
    }
    if (this.#held && this.#held.sequence < sequence) this.#held = undefined;
  }

  text(): Buffer {
    return this.#runs.text();
  }

  #list({ sequence, time: { start } }: Chunk, duration: number): void {
    this.#listed.push({ sequence, time: { start, duration } });
    this.#runs.push(start, duration);
  }
}

/** MS-SSTR 2.2.2.6; here `r` counts all chunks of the run. */
function chunkElement({ startTicks, durationTicks, count }: Run, previousEndTicks: number | undefined): string {
  const t = startTicks === previousEndTicks ? '' : ` t="${startTicks}"`;
  const r = count === 1 ? '' : ` r="${count}"`;
  return `<c${t} d="${durationTicks}"${r}/>`;
}
