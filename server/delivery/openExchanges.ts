import type { IncomingMessage, ServerResponse } from 'node:http';
import { addressBlock } from '../addressBlock.ts';
import { clientAddress, isOwnNetwork } from '../clientAddress.ts';

/**
 * At low latency a viewer has up to four requests that wait: for two playlists, and for the part that each hints at. One
 * takes 10 kB of memory with its connection.
 */
const defaultMost = { all: 10_000, ofOneAddress: 2500 };

/**
 * Requests whose answers are not out yet, be it that they wait for what is to come or that their readers are slow: only so
 * many at a time, and of one address a quarter of them, so that nobody can have them all.
 */
export class OpenExchanges {
  readonly #most: typeof defaultMost;
  readonly #byAddress = new Map<string, number>();
  #count = 0;

  constructor(most = defaultMost) {
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether one more may be answered; it counts until its response is closed. */
  admits(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#count >= this.#most.all) return false;
    const address = clientAddress(request);
    // A proxy that does not say for whom it asks may ask for everybody.
    const one = isOwnNetwork(address) ? undefined : addressBlock(address);
    if (one !== undefined) {
      const own = this.#byAddress.get(one) ?? 0;
      if (own >= this.#most.ofOneAddress) return false;
      this.#byAddress.set(one, own + 1);
    }
    this.#count++;
    response.once('close', () => {
      this.#count--;
      if (one !== undefined) this.#leave(one);
    });
    return true;
  }

  #leave(address: string): void {
    const left = this.#byAddress.get(address)! - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }
}
