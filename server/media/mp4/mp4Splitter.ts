import { Mp4Error, readBoxHeader, type BoxHeader } from './box.ts';

/** `init`: `ftyp` + `moov`. `fragment`: `moof` + `mdat` with the boxes that came before them (`styp`, `sidx`, `prft`). */
export interface Mp4Unit {
  readonly type: 'init' | 'fragment';
  readonly data: Uint8Array;
}

const defaultMaxUnitBytes = 64 * 1024 * 1024;
const longestHeaderBytes = 16;

/** Cuts a fragmented MP4 arriving in pieces of any size into its init segment and its fragments. Media is copied at most once. */
export class Mp4Splitter {
  readonly #maxUnitBytes: number;
  #chunks: Uint8Array[] = [];
  /** Bytes held in `#chunks`. */
  #heldBytes = 0;
  /** End of the last box of the unit whose header has been read. */
  #knownBytes = 0;
  #header: BoxHeader | undefined;
  #hasInit = false;
  #hasMoof = false;
  #failure: Mp4Error | undefined;

  constructor(maxUnitBytes: number = defaultMaxUnitBytes) {
    this.#maxUnitBytes = maxUnitBytes;
  }

  /** Bytes of a unit that is not complete yet. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The units completed by these bytes. Throws `Mp4Error` when they are not fragmented MP4, and again ever after. */
  push(chunk: Uint8Array): Mp4Unit[] {
    if (this.#failure) throw this.#failure;
    const units: Mp4Unit[] = [];
    if (chunk.length === 0) return units;
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.length;
    try {
      for (let unit = this.#next(); unit; unit = this.#next()) units.push(unit);
    } catch (error) {
      this.#chunks = [];
      this.#heldBytes = 0;
      this.#failure = error instanceof Mp4Error ? error : new Mp4Error(String(error));
      throw this.#failure;
    }
    return units;
  }

  #next(): Mp4Unit | undefined {
    for (;;) {
      if (!this.#header) {
        this.#header = readBoxHeader(this.#peek(this.#knownBytes, longestHeaderBytes), 0);
        if (!this.#header) return undefined;
        this.#admit(this.#header);
        this.#knownBytes += this.#header.bytes;
      }
      if (this.#heldBytes < this.#knownBytes) return undefined;
      const { type } = this.#header;
      this.#header = undefined;
      if (type === 'moov') {
        this.#hasInit = true;
        return { type: 'init', data: this.#take() };
      }
      if (type === 'moof') this.#hasMoof = true;
      if (type === 'mdat') {
        this.#hasMoof = false;
        return { type: 'fragment', data: this.#take() };
      }
    }
  }

  #admit({ type, bytes }: BoxHeader): void {
    if (this.#knownBytes + bytes > this.#maxUnitBytes) throw new Mp4Error(`${type} of ${bytes} bytes is too large`);
    if (type === 'moov' && (this.#hasInit || this.#hasMoof)) throw new Mp4Error('unexpected moov');
    if (type === 'moof' && (!this.#hasInit || this.#hasMoof)) throw new Mp4Error('unexpected moof');
    if (type === 'mdat' && !this.#hasMoof) throw new Mp4Error('mdat without moof');
  }

  /** Up to `length` bytes from `offset` on, which may lie across chunks. */
  #peek(offset: number, length: number): Uint8Array {
    let skip = offset;
    let index = 0;
    while (index < this.#chunks.length && skip >= this.#chunks[index]!.length) skip -= this.#chunks[index++]!.length;
    const first = this.#chunks[index]?.subarray(skip, skip + length) ?? new Uint8Array(0);
    if (first.length === length || index + 1 >= this.#chunks.length) return first;
    const joined = new Uint8Array(length);
    let filled = 0;
    for (; index < this.#chunks.length && filled < length; index++, skip = 0) {
      const part = this.#chunks[index]!.subarray(skip, skip + length - filled);
      joined.set(part, filled);
      filled += part.length;
    }
    return joined.subarray(0, filled);
  }

  /** Removes the first `#knownBytes` from what is held. */
  #take(): Uint8Array {
    const wanted = this.#knownBytes;
    this.#knownBytes = 0;
    this.#heldBytes -= wanted;
    const [only] = this.#chunks;
    if (only && only.length >= wanted) {
      if (only.length === wanted) this.#chunks.shift();
      else this.#chunks[0] = only.subarray(wanted);
      return only.subarray(0, wanted);
    }
    const data = new Uint8Array(wanted);
    let filled = 0;
    let used = 0;
    while (filled < wanted) {
      const chunk = this.#chunks[used]!;
      const part = chunk.subarray(0, wanted - filled);
      data.set(part, filled);
      filled += part.length;
      if (part.length < chunk.length) this.#chunks[used] = chunk.subarray(part.length);
      else used++;
    }
    this.#chunks.splice(0, used);
    return data;
  }
}
