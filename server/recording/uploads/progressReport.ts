const leastMs = 1000;
const leastStep = 0.01;

/** Passes a progress on now and then, one at a time. */
export class ProgressReport {
  readonly #report: (progress: number) => Promise<void>;
  readonly #now: () => number;
  #reported = 0;
  #reportedAtMs = -Infinity;
  #reporting: Promise<void> | undefined;

  /** `report` may fail; the next one is another try. */
  constructor(report: (progress: number) => Promise<void>, now: () => number) {
    this.#report = report;
    this.#now = now;
  }

  /** From 0 to 1. */
  at(progress: number): void {
    const nowMs = this.#now();
    const isDue = progress - this.#reported >= leastStep && nowMs - this.#reportedAtMs >= leastMs;
    if (!isDue || this.#reporting) return;
    this.#reported = progress;
    this.#reportedAtMs = nowMs;
    this.#reporting = this.#report(progress)
      .catch(() => undefined)
      .finally(() => (this.#reporting = undefined));
  }

  /** Nothing is on its way any more. */
  async settle(): Promise<void> {
    await this.#reporting;
  }
}
