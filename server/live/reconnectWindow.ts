/** Somebody who came just before the window's end has this long again and again, while they are expected to send. */
const graceMs = 1000;

/** How long an interrupted broadcast waits for its publisher, counted from the interruption. */
export class ReconnectWindow {
  readonly #seconds: number;
  readonly #now: () => number;
  readonly #over: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(seconds: number, now: () => number, over: () => void) {
    this.#seconds = seconds;
    this.#now = now;
    this.#over = over;
  }

  /** `sinceMs`: Unix ms of the interruption. */
  open(sinceMs: number): void {
    this.#wait(sinceMs + this.#seconds * 1000 - this.#now());
  }

  extend(): void {
    this.#wait(graceMs);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #wait(ms: number): void {
    this.close();
    this.#timer = setTimeout(this.#over, Math.max(ms, 0));
  }
}
