const mostKept = 200;
const mostAtOnce = 3;

/** Pictures for drawing: loaded a few at a time, those asked for last first, and kept while there is room. */
export class PictureCache {
  readonly #listeners = new Set<() => void>();
  /** Null: it could not be loaded. */
  readonly #pictures = new Map<string, HTMLImageElement | null>();
  #wanted: string[] = [];
  #loading = 0;
  #loaded = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** It changes with each picture that has come. */
  readonly loadedCount = (): number => this.#loaded;

  /** What is to be loaded from now on; what was wanted before and has not begun is forgotten. */
  want(addresses: Iterable<string>): void {
    this.#wanted = [...new Set(addresses)].filter((address) => !this.#pictures.has(address));
    this.#loadNext();
  }

  get(address: string): HTMLImageElement | undefined {
    const picture = this.#pictures.get(address);
    if (!picture) return undefined;
    this.#pictures.delete(address);
    this.#pictures.set(address, picture);
    return picture;
  }

  close(): void {
    this.#wanted = [];
    this.#pictures.clear();
  }

  #loadNext(): void {
    while (this.#loading < mostAtOnce) {
      const address = this.#wanted.shift();
      if (address === undefined) return;
      void this.#load(address);
    }
  }

  async #load(address: string): Promise<void> {
    this.#loading++;
    const picture = new Image();
    picture.src = address;
    const loaded = await picture.decode().then(
      () => picture,
      () => null,
    );
    this.#loading--;
    this.#pictures.set(address, loaded);
    for (const old of [...this.#pictures.keys()].slice(0, Math.max(0, this.#pictures.size - mostKept)))
      this.#pictures.delete(old);
    this.#loaded++;
    for (const listener of this.#listeners) listener();
    this.#loadNext();
  }
}
