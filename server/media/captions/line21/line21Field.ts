import { basicCharacter } from './characters.ts';
import type { Line21Channel } from './line21Channel.ts';

/** One field of line 21: two caption channels, the second field's with other data between them (CTA-608-E 8). */
export class Line21Field {
  readonly #channels: readonly [Line21Channel, Line21Channel];
  /** Which of the two characters are for; undefined before any code, and while they are for others. */
  #current: 0 | 1 | undefined;
  /** The control code that came last, which is sent twice. */
  #repeatable: number | undefined;

  constructor(channels: readonly [Line21Channel, Line21Channel]) {
    this.#channels = channels;
  }

  /** Which of the channels the pair was for; undefined for padding and what is not a caption. */
  push(firstWithParity: number, secondWithParity: number): 0 | 1 | undefined {
    const first = firstWithParity & 0x7f;
    const second = secondWithParity & 0x7f;
    if (first === 0 && second === 0) return undefined;
    if (first < 0x10) return this.#otherService(first);
    if (first < 0x20) return this.#control(first, second);
    this.#repeatable = undefined;
    const channel = this.#current === undefined ? undefined : this.#channels[this.#current];
    channel?.character(basicCharacter(first));
    if (second >= 0x20) channel?.character(basicCharacter(second));
    return this.#current;
  }

  /** Programme data (XDS) has the field until a caption's control code. */
  #otherService(first: number): undefined {
    if (first > 0) this.#current = undefined;
    this.#repeatable = undefined;
  }

  #control(first: number, second: number): 0 | 1 | undefined {
    if (second < 0x20) return undefined;
    const pair = (first << 8) | second;
    const repeated = pair === this.#repeatable;
    this.#repeatable = repeated ? undefined : pair;
    const index = first & 0x8 ? 1 : 0;
    this.#current = index;
    if (!repeated) this.#channels[index].control(first & 0xf7, second);
    return index;
  }
}
