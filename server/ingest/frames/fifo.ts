/** Below this, what has been taken out is not worth moving the rest for. */
const smallestGap = 1024;

/** First in, first out. Taking one out takes the same time however many there are. */
export class Fifo<Item> {
  #items: (Item | undefined)[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  get first(): Item | undefined {
    return this.#items[this.#first];
  }

  get last(): Item | undefined {
    return this.length > 0 ? this.#items.at(-1) : undefined;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  shift(): Item | undefined {
    const item = this.first;
    if (this.length === 0) return undefined;
    this.#items[this.#first] = undefined;
    this.#first += 1;
    if (this.#first >= smallestGap && this.#first * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** A copy of the last ones, or of all. */
  latest(count = this.length): Item[] {
    return this.#items.slice(Math.max(this.#first, this.#items.length - count)) as Item[];
  }

  clear(): void {
    this.#items = [];
    this.#first = 0;
  }
}
