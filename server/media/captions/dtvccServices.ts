const packetStart = 3;
const largestPacketBytes = 128;
/** Six bits name a service, 0 and 7 stand for something else. */
const extendedNumber = 7;

/** Finds the services of digital captions (CTA-708-E 5 and 6) without decoding what they say. */
export class DtvccServices {
  #packet: number[] = [];

  /** A triplet of type 2 or 3; the services of the packet that it completes. */
  push(type: number, first: number, second: number): number[] {
    if (type === packetStart) this.#packet = [];
    else if (this.#packet.length === 0) return [];
    this.#packet.push(first, second);
    // A size of 0 stands for 64 pairs.
    const bytes = (this.#packet[0]! & 0x3f) * 2 || largestPacketBytes;
    if (this.#packet.length < bytes) return [];
    const services = readServices(this.#packet.slice(1, bytes));
    this.#packet = [];
    return services;
  }
}

/** CTA-708-E 6.2 */
function readServices(blocks: readonly number[]): number[] {
  const services: number[] = [];
  for (let offset = 0; offset < blocks.length;) {
    const header = blocks[offset++]!;
    const bytes = header & 0x1f;
    let service = header >> 5;
    if (service === extendedNumber && bytes > 0) service = blocks[offset++]! & 0x3f;
    if (service === 0) break;
    if (bytes > 0) services.push(service);
    offset += bytes;
  }
  return services;
}
