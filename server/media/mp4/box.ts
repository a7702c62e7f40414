/** The bytes are not the ISO BMFF they should be. The message says what and where. */
export class Mp4Error extends Error {}

/** Where a box lies in the bytes it was read from. */
export interface Box {
  /** Four-character code. */
  readonly type: string;
  readonly start: number;
  /** First byte after size and type. */
  readonly body: number;
  readonly end: number;
}

export interface BoxHeader {
  readonly type: string;
  readonly headerBytes: number;
  /** The whole box, header included. */
  readonly bytes: number;
}

export function uint32At(bytes: Uint8Array, offset: number): number {
  if (offset + 4 > bytes.length) throw new Mp4Error(`box ends early at byte ${offset}`);
  return ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>> 0;
}

/** Media times and sizes stay far below 2^53; anything above is damage. */
export function uint64At(bytes: Uint8Array, offset: number): number {
  const value = uint32At(bytes, offset) * 2 ** 32 + uint32At(bytes, offset + 4);
  if (value > Number.MAX_SAFE_INTEGER) throw new Mp4Error(`number out of range at byte ${offset}`);
  return value;
}

export function uint16At(bytes: Uint8Array, offset: number): number {
  if (offset + 2 > bytes.length) throw new Mp4Error(`box ends early at byte ${offset}`);
  return (bytes[offset]! << 8) | bytes[offset + 1]!;
}

/** ISO/IEC 14496-12 4.2. Undefined when the header is not all there yet; a size of 0 ("to the end") is refused. */
export function readBoxHeader(bytes: Uint8Array, offset: number): BoxHeader | undefined {
  if (offset + 8 > bytes.length) return undefined;
  const size = uint32At(bytes, offset);
  const type = String.fromCharCode(bytes[offset + 4]!, bytes[offset + 5]!, bytes[offset + 6]!, bytes[offset + 7]!);
  if (!/^[\x20-\x7e]{4}$/.test(type)) throw new Mp4Error(`no box at byte ${offset}`);
  if (size !== 1) {
    if (size < 8) throw new Mp4Error(`box ${type} has a size of ${size}`);
    return { type, headerBytes: 8, bytes: size };
  }
  if (offset + 16 > bytes.length) return undefined;
  const large = uint64At(bytes, offset + 8);
  if (large < 16) throw new Mp4Error(`box ${type} has a size of ${large}`);
  return { type, headerBytes: 16, bytes: large };
}

/** The box at `offset`; it must lie wholly before `limit`. */
export function readBox(bytes: Uint8Array, offset: number, limit: number): Box {
  const header = readBoxHeader(bytes, offset);
  if (!header || offset + header.bytes > limit) throw new Mp4Error(`box at byte ${offset} does not fit its container`);
  return { type: header.type, start: offset, body: offset + header.headerBytes, end: offset + header.bytes };
}

/** The boxes between two offsets, in order. */
export function* readBoxes(bytes: Uint8Array, start: number, end: number): Generator<Box> {
  for (let offset = start; offset < end;) {
    const box = readBox(bytes, offset, end);
    yield box;
    offset = box.end;
  }
}

export function findBox(bytes: Uint8Array, start: number, end: number, type: string): Box | undefined {
  for (const box of readBoxes(bytes, start, end)) if (box.type === type) return box;
  return undefined;
}

/** Follows a path of plain containers (`mdia`, `minf`, …) downwards from `parent`. */
export function requireBox(bytes: Uint8Array, parent: Box, ...path: string[]): Box {
  let box = parent;
  for (const type of path) {
    const child = findBox(bytes, box.body, box.end, type);
    if (!child) throw new Mp4Error(`${box.type} has no ${type}`);
    box = child;
  }
  return box;
}
