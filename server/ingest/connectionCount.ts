/** How many peers one server has, together and from each address. */
export class ConnectionCount {
  readonly #limits: { readonly connections: number; readonly connectionsPerAddress: number };
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: { readonly connections: number; readonly connectionsPerAddress: number }) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  /** False when there is no room for another one. */
  add(address: string): boolean {
    const fromAddress = this.#perAddress.get(address) ?? 0;
    if (this.#total >= this.#limits.connections || fromAddress >= this.#limits.connectionsPerAddress) return false;
    this.#total += 1;
    this.#perAddress.set(address, fromAddress + 1);
    return true;
  }

  /** Of one that was added. */
  remove(address: string): void {
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    this.#total -= 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }
}
