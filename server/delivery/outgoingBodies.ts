import type { ServerResponse } from 'node:http';

/** Thirty playlists of a whole day. */
const defaultLimitBytes = 64 * 1024 * 1024;

/**
 * Bodies on their way to readers, who may be slow, of which there are as many as readers can think of: only so many bytes of
 * them are held at a time. A body that several read is held once.
 */
export class OutgoingBodies {
  readonly #limitBytes: number;
  readonly #readers = new Map<Buffer, number>();
  #bytes = 0;

  constructor(limitBytes: number = defaultLimitBytes) {
    this.#limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the body may be sent; if so, it is held until the response is closed. */
  admits(body: Buffer, response: ServerResponse): boolean {
    const readers = this.#readers.get(body) ?? 0;
    if (response.destroyed) return false;
    if (readers === 0 && this.#bytes > 0 && this.#bytes + body.length > this.#limitBytes) return false;
    if (readers === 0) this.#bytes += body.length;
    this.#readers.set(body, readers + 1);
    response.once('close', () => this.#letGo(body));
    return true;
  }

  #letGo(body: Buffer): void {
    const readers = this.#readers.get(body)! - 1;
    if (readers > 0) {
      this.#readers.set(body, readers);
      return;
    }
    this.#readers.delete(body);
    this.#bytes -= body.length;
  }
}
