/** Whoever opens, closes. `close` is idempotent and never rejects. */
export interface Closable {
  close(reason?: string): Promise<void>;
}

/** Collects what was opened and closes it in the reverse order, each once, whatever one of them throws. */
export class Lifecycle implements Closable {
  readonly #opened: { name: string; close: () => Promise<void> | void }[] = [];
  readonly #onError: (name: string, error: unknown) => void;
  #closing: Promise<void> | undefined;

  constructor(onError: (name: string, error: unknown) => void) {
    this.#onError = onError;
  }

  /** Returns what it was given, for use in an assignment. */
  add<T>(name: string, opened: T, close: (opened: T) => Promise<void> | void): T {
    this.#opened.push({ name, close: () => close(opened) });
    return opened;
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const { name, close } of this.#opened.toReversed()) {
      try {
        await close();
      } catch (error) {
        this.#onError(name, error);
      }
    }
  }
}
