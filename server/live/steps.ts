import type { Logger } from '../log.ts';

/** What is done one after the other, never side by side. A step that fails is logged, and the next one is done. */
export class Steps {
  readonly #log: Logger;
  #last: Promise<void> = Promise.resolve();

  constructor(log: Logger) {
    this.#log = log;
  }

  add(step: string, run: () => Promise<void>): void {
    this.#last = this.#last.then(run).catch((error: unknown) => this.#log.error({ err: error, step }, 'step failed'));
  }

  /** Everything has been done, also what steps have added. Never rejects. */
  async settled(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.#last;) {
      seen = this.#last;
      await seen;
    }
  }
}
