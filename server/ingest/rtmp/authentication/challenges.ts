/** What was asked, of whom. */
export interface Challenge {
  readonly username: string;
  readonly salt: string;
}

const lifetimeMs = 30_000;
const most = 10_000;

/** Questions that wait for their answer: each is good for one answer, and not for long. */
export class Challenges {
  readonly #random: (bytes: number) => Buffer;
  readonly #now: () => number;
  /** By opaque, oldest first. */
  readonly #open = new Map<string, Challenge & { readonly expiresAtMs: number }>();

  constructor(random: (bytes: number) => Buffer, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  get size(): number {
    return this.#open.size;
  }

  issue(username: string): Challenge & { readonly opaque: string } {
    this.#forgetOld();
    const salt = this.#random(6).toString('hex');
    const opaque = this.#random(16).toString('hex');
    this.#open.set(opaque, { username, salt, expiresAtMs: this.#now() + lifetimeMs });
    return { username, salt, opaque };
  }

  /** Undefined when it was never issued, has been taken, or is too old. */
  take(opaque: string): Challenge | undefined {
    const found = this.#open.get(opaque);
    this.#open.delete(opaque);
    return found && found.expiresAtMs > this.#now() ? found : undefined;
  }

  #forgetOld(): void {
    for (const [opaque, { expiresAtMs }] of this.#open) {
      if (expiresAtMs > this.#now() && this.#open.size < most) return;
      this.#open.delete(opaque);
    }
  }
}
