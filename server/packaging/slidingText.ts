import { Fifo } from '../media/fifo.ts';

const smallestBytes = 1024;

/** ASCII text made of entries that are added at its end and dropped from its beginning, kept as bytes ready to be sent. */
export class SlidingText {
  #bytes = Buffer.allocUnsafeSlow(smallestBytes);
  #end = 0;
  /** What the positions in `#leads` and `#starts` are ahead of those in `#bytes`. */
  #dropped = 0;
  /** Where each entry's lead begins, and where its own text does. */
  readonly #leads = new Fifo<number>();
  readonly #starts = new Fifo<number>();

  get length(): number {
    return this.#starts.length;
  }

  /** `lead` is text before the entry that is wanted only while another entry precedes it. */
  push(lead: string, text: string): void {
    this.#reserve(lead.length + text.length);
    this.#leads.push(this.#dropped + this.#end);
    this.#end += this.#bytes.write(lead, this.#end, 'latin1');
    this.#starts.push(this.#dropped + this.#end);
    this.#end += this.#bytes.write(text, this.#end, 'latin1');
  }

  shift(): void {
    this.#leads.shift();
    this.#starts.shift();
  }

  /** The text of the entries from `first` to before `to`, without the first one's lead. Valid until the next change. */
  from(first = 0, to = this.length): Buffer {
    return this.#between(this.#starts.at(first), this.#leads.at(to));
  }

  /** An entry's lead. Valid until the next change. */
  lead(index: number): Buffer {
    return this.#between(this.#leads.at(index), this.#starts.at(index));
  }

  #between(start: number | undefined, end = this.#dropped + this.#end): Buffer {
    return start === undefined ? Buffer.alloc(0) : this.#bytes.subarray(start - this.#dropped, end - this.#dropped);
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const start = (this.#leads.at(0) ?? this.#dropped + this.#end) - this.#dropped;
    const live = this.#bytes.subarray(start, this.#end);
    const moved = Buffer.allocUnsafeSlow(Math.max(smallestBytes, (live.length + bytes) * 2));
    live.copy(moved);
    this.#bytes = moved;
    this.#dropped += start;
    this.#end = live.length;
  }
}
