/** Three bits name a service: 0 is for padding, 7 for a number that follows in a byte of its own. */
const extendedNumber = 7;

export interface ServiceBlock {
  /** 1 to 63. */
  readonly service: number;
  /** At least one byte. */
  readonly codes: Uint8Array;
}

/** What a packet has for each service (CTA-708-E 6.2). */
export function readServiceBlocks(blocks: Uint8Array): ServiceBlock[] {
  const read: ServiceBlock[] = [];
  for (let offset = 0; offset < blocks.length;) {
    const header = blocks[offset++]!;
    const bytes = header & 0x1f;
    let service = header >> 5;
    if (service === 0) break;
    const isExtended = service === extendedNumber && bytes > 0;
    if (isExtended) service = (blocks[offset++] ?? 0) & 0x3f;
    const codes = blocks.subarray(offset, offset + bytes);
    const isNumbered = isExtended ? service >= extendedNumber : service < extendedNumber;
    if (isNumbered && codes.length > 0) read.push({ service, codes });
    offset += bytes;
  }
  return read;
}
