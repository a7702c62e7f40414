const longestLine = 500;

/** Keeps the last lines of a text that arrives in pieces, whatever its length. */
export class LineRing {
  readonly #size: number;
  readonly #lines: string[] = [];
  #unfinished = '';

  constructor(size: number) {
    this.#size = size;
  }

  get lines(): readonly string[] {
    return this.#unfinished ? [...this.#lines, this.#unfinished] : [...this.#lines];
  }

  push(text: string): void {
    const lines = (this.#unfinished + text).split(/\r\n|\n|\r/);
    this.#unfinished = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) if (line.trim()) this.#lines.push(line.slice(0, longestLine));
    if (this.#lines.length > this.#size) this.#lines.splice(0, this.#lines.length - this.#size);
  }
}
