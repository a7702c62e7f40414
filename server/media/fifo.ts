/** A queue with access by position: `push`, `shift` and `at` in constant time (amortised), one array underneath. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  /** Items before this position have been taken. */
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Counted from the oldest item. */
  at(position: number): T | undefined {
    return position < 0 ? undefined : this.#items[this.#head + position];
  }

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  get last(): T | undefined {
    return this.length > 0 ? this.#items[this.#items.length - 1] : undefined;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the oldest item. */
  shift(): T | undefined {
    const item = this.first;
    if (this.length === 0) return undefined;
    // What was taken is not kept until the rest is moved.
    this.#items[this.#head] = undefined;
    this.#advance(1);
    return item;
  }

  /** Takes the oldest items. */
  take(count: number): T[] {
    const taken = this.#items.slice(this.#head, this.#head + count) as T[];
    this.#advance(taken.length);
    return taken;
  }

  /** A new array of the items from a position on. */
  from<R>(position: number, map: (item: T) => R): R[] {
    const mapped: R[] = [];
    for (let index = this.#head + position; index < this.#items.length; index++)
      mapped.push(map(this.#items[index] as T));
    return mapped;
  }

  /** A copy of the last items, or of all. */
  latest(count = this.length): T[] {
    return this.#items.slice(Math.max(this.#head, this.#items.length - count)) as T[];
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  /** Moving the rest only when it is the smaller half keeps the cost per item constant and frees what was taken. */
  #advance(count: number): void {
    this.#head += count;
    if (this.#head * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
