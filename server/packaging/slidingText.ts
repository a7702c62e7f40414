import { Fifo } from '../media/fifo.ts';

const smallestBytes = 1024;

/** ASCII text made of entries that are added at its end and dropped from its beginning, kept as bytes ready to be sent. */
export class SlidingText {
  #bytes = Buffer.allocUnsafeSlow(smallestBytes);
  #end = 0;
  /** What the positions in `#starts` are ahead of those in `#bytes`. */
  #dropped = 0;
  /** Where each entry's own text begins, after its lead. */
  readonly #starts = new Fifo<number>();

  get length(): number {
    return this.#starts.length;
  }

  /** `lead` is text before the entry that is wanted only while another entry precedes it. */
  push(lead: string, text: string): void {
    this.#reserve(lead.length + text.length);
    this.#end += this.#bytes.write(lead, this.#end, 'latin1');
    this.#starts.push(this.#dropped + this.#end);
    this.#end += this.#bytes.write(text, this.#end, 'latin1');
  }

  shift(): void {
    this.#starts.shift();
  }

  /** The text from the entry at `index` on, without that entry's lead. Valid until the next change. */
  from(index = 0): Buffer {
    const start = this.#starts.at(index);
    return start === undefined ? Buffer.alloc(0) : this.#bytes.subarray(start - this.#dropped, this.#end);
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const start = (this.#starts.at(0) ?? this.#dropped + this.#end) - this.#dropped;
    const live = this.#bytes.subarray(start, this.#end);
    const moved = Buffer.allocUnsafeSlow(Math.max(smallestBytes, (live.length + bytes) * 2));
    live.copy(moved);
    this.#bytes = moved;
    this.#dropped += start;
    this.#end = live.length;
  }
}
