import { ProtocolError } from '../protocolError.ts';

/** Reads a message from front to back; everything it gives lies within the message. */
export class AmfCursor {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#advance(1));
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#advance(2));
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#advance(8));
  }

  bytes(length: number): Buffer {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(length: number): string {
    return this.bytes(length).toString('utf8');
  }

  /** The next bytes, if they are these; otherwise nothing is read. */
  takeIf(expected: Buffer): boolean {
    const end = this.#offset + expected.length;
    if (!this.#bytes.subarray(this.#offset, end).equals(expected)) return false;
    this.#offset = end;
    return true;
  }

  #advance(length: number): number {
    if (length > this.left) throw new ProtocolError('an AMF value ends too early');
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}
