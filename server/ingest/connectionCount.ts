import { addressBlock } from '../addressBlock.ts';

/** What one connection has until it is closed. */
export interface Place {
  /** The peer is refused and has only to hear it: the connection may be dropped when another one needs the place. */
  yields(): void;
  /** It goes on, and keeps its place. */
  stays(): void;
  /** Idempotent. */
  leave(): void;
}

interface Taken {
  readonly block: string;
  readonly drop: () => void;
}

/**
 * How many peers one server has, together and from each address (or IPv6 network). Those that are only waiting for their
 * refusal keep nobody else out: the oldest of them gives its place up.
 */
export class ConnectionCount {
  readonly #limits: { readonly connections: number; readonly connectionsPerAddress: number };
  readonly #perBlock = new Map<string, number>();
  readonly #yielding = new Set<Taken>();
  #total = 0;

  constructor(limits: { readonly connections: number; readonly connectionsPerAddress: number }) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  /** Undefined when there is no room for another one. `drop` ends the connection where its place is given to another. */
  take(address: string, drop: () => void): Place | undefined {
    const block = addressBlock(address);
    const isFull = (): boolean => (this.#perBlock.get(block) ?? 0) >= this.#limits.connectionsPerAddress;
    if (isFull()) this.#dropOldest((taken) => taken.block === block);
    if (isFull()) return undefined;
    if (this.#total >= this.#limits.connections) this.#dropOldest(() => true);
    if (this.#total >= this.#limits.connections) return undefined;
    return this.#place(block, drop);
  }

  #place(block: string, drop: () => void): Place {
    let isTaken = true;
    const leave = (): void => {
      if (!isTaken) return;
      isTaken = false;
      this.#yielding.delete(taken);
      this.#total -= 1;
      const left = (this.#perBlock.get(block) ?? 1) - 1;
      if (left > 0) this.#perBlock.set(block, left);
      else this.#perBlock.delete(block);
    };
    const taken: Taken = {
      block,
      drop: () => {
        leave();
        drop();
      },
    };
    this.#total += 1;
    this.#perBlock.set(block, (this.#perBlock.get(block) ?? 0) + 1);
    const yields = (): void => {
      if (isTaken) this.#yielding.add(taken);
    };
    return { yields, stays: () => this.#yielding.delete(taken), leave };
  }

  #dropOldest(isFit: (taken: Taken) => boolean): void {
    for (const taken of this.#yielding)
      if (isFit(taken)) {
        taken.drop();
        return;
      }
  }
}
