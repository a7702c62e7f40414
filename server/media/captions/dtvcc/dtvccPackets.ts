const packetStart = 3;
const largestPacketBytes = 128;

export interface DtvccPacket {
  /** Something before it is missing. */
  readonly afterLoss: boolean;
  /** Service blocks, one after the other. */
  readonly blocks: Uint8Array;
}

/** Joins triplets of types 2 and 3 to caption channel packets (CTA-708-E 5). */
export class DtvccPackets {
  readonly #bytes = new Uint8Array(largestPacketBytes);
  #length = 0;
  #sequence: number | undefined;
  #lost = false;

  /** The packet that a triplet completes. */
  push(type: number, first: number, second: number): DtvccPacket | undefined {
    if (type === packetStart) this.#start(first >> 6);
    else if (this.#length === 0) return undefined;
    this.#bytes[this.#length++] = first;
    this.#bytes[this.#length++] = second;
    // A size of 0 stands for 64 pairs.
    const bytes = (this.#bytes[0]! & 0x3f) * 2 || largestPacketBytes;
    if (this.#length < bytes) return undefined;
    const packet = { afterLoss: this.#lost, blocks: this.#bytes.slice(1, bytes) };
    this.#length = 0;
    this.#lost = false;
    return packet;
  }

  /** `sequence` counts from 0 to 3 and round again. */
  #start(sequence: number): void {
    const isCutOff = this.#length > 0;
    this.#length = 0;
    // Encoders that do not count send the same number each time.
    const follows =
      this.#sequence === undefined || sequence === this.#sequence || sequence === ((this.#sequence + 1) & 3);
    if (isCutOff || !follows) this.#lost = true;
    this.#sequence = sequence;
  }
}
