/** The last lines of an output that comes in pieces. */
export class LastLines {
  /** @type {string[]} */
  #lines = [''];
  #most;

  /** @param {number} most */
  constructor(most) {
    this.#most = most;
  }

  /** @param {string} text */
  add(text) {
    const [rest = '', ...lines] = text.split('\n');
    this.#lines[this.#lines.length - 1] += rest;
    // One more for the line that has only begun.
    this.#lines = [...this.#lines, ...lines].slice(-this.#most - 1);
  }

  text() {
    return this.#lines.join('\n').trimEnd();
  }
}
