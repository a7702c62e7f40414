/** Those who listen to a timeline. What one of them throws is no trouble to the others, nor to the timeline. */
export class ChangeListeners {
  readonly #onError: (error: unknown) => void;
  readonly #changed = new Set<() => void>();
  readonly #grown = new Set<() => void>();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  onChanged(listener: () => void): () => void {
    return subscribe(this.#changed, listener);
  }

  onGrown(listener: () => void): () => void {
    return subscribe(this.#grown, listener);
  }

  /** Those who hear of growth hear of every change, too. */
  tellChanged(): void {
    this.#tell(this.#changed);
    this.#tell(this.#grown);
  }

  tellGrown(): void {
    this.#tell(this.#grown);
  }

  #tell(listeners: ReadonlySet<() => void>): void {
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

function subscribe(listeners: Set<() => void>, listener: () => void): () => void {
  // Wrapped, so that one function may listen twice.
  const own = () => listener();
  listeners.add(own);
  return () => listeners.delete(own);
}
