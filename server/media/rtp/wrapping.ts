/** Follows a counter that wraps: each value is taken as the one nearest to the value before. */
export class Unwrapper {
  readonly #modulus: number;
  #last: number | undefined;

  constructor(bits: 16 | 32) {
    this.#modulus = 2 ** bits;
  }

  unwrap(value: number): number {
    this.#last = this.near(value);
    return this.#last;
  }

  /** As `unwrap`, for a value that is not part of the sequence. */
  near(value: number): number {
    const last = this.#last ?? value;
    const modulus = this.#modulus;
    const step = ((((value - last + modulus / 2) % modulus) + modulus) % modulus) - modulus / 2;
    return last + step;
  }
}
