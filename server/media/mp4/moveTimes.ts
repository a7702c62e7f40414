import { Mp4Error, readBox, readBoxes, readBoxHeader, uint32At, uint64At, type Box } from './box.ts';

/** Boxes that say when media is; what else lies between fragments has no times. */
const timedBoxes = new Set(['moof', 'sidx', 'prft']);
/** A `moof` of half a second is about a kilobyte. */
const mostHeldBytes = 1 << 20;

/** Moves the times in fragments (of one track) by a number of ticks, in place; lengths stay. */
export function moveTimes(fragments: Uint8Array, ticks: number): void {
  for (const box of readBoxes(fragments, 0, fragments.length)) moveBox(fragments, box, ticks);
}

/** Moves the times of a fragment of which only the beginning is there; false when that is not all that says a time. */
export function moveHead(fragment: Uint8Array, ticks: number): boolean {
  for (let offset = 0; ;) {
    const header = readBoxHeader(fragment, offset);
    if (header?.type === 'mdat') return true;
    if (!header || offset + header.bytes > fragment.length) return false;
    moveBox(fragment, readBox(fragment, offset, fragment.length), ticks);
    offset += header.bytes;
  }
}

function moveBox(bytes: Uint8Array, box: Box, ticks: number): void {
  const version = bytes[box.body];
  // ISO/IEC 14496-12 8.16.3: after flags, reference_ID and timescale; 8.16.5: after flags, reference_track_ID and ntp_timestamp.
  if (box.type === 'sidx') moveNumber(bytes, box, box.body + 12, version === 0, ticks);
  if (box.type === 'prft') moveNumber(bytes, box, box.body + 16, version === 0, ticks);
  if (box.type !== 'moof') return;
  for (const traf of readBoxes(bytes, box.body, box.end)) {
    if (traf.type !== 'traf') continue;
    // 8.8.12
    for (const child of readBoxes(bytes, traf.body, traf.end))
      if (child.type === 'tfdt') moveNumber(bytes, child, child.body + 4, bytes[child.body] === 0, ticks);
  }
}

function moveNumber(bytes: Uint8Array, box: Box, offset: number, short: boolean, ticks: number): void {
  if (offset + (short ? 4 : 8) > box.end) throw new Mp4Error(`${box.type} ends early`);
  const moved = (short ? uint32At(bytes, offset) : uint64At(bytes, offset)) + ticks;
  if (moved < 0 || moved > (short ? 2 ** 32 - 1 : Number.MAX_SAFE_INTEGER))
    throw new Mp4Error(`${box.type} cannot be moved by ${ticks} ticks`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!short) view.setUint32(offset, Math.floor(moved / 2 ** 32));
  view.setUint32(short ? offset : offset + 4, moved % 2 ** 32);
}

/** Moves the times of fragments as they pass, in pieces of any size. Media is passed on uncopied. */
export class TimeMover {
  readonly #ticks: number;
  /** The beginning of a box that is not all there yet. */
  #held: Buffer = Buffer.alloc(0);
  /** Bytes of a box without times that are still to come. */
  #passing = 0;

  constructor(ticks: number) {
    this.#ticks = ticks;
  }

  push(chunk: Buffer): Buffer[] {
    const moved: Buffer[] = [];
    let rest = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = Buffer.alloc(0);
    while (rest.length > 0) {
      if (this.#passing === 0) {
        const header = readBoxHeader(rest, 0);
        const held = header ? timedBoxes.has(header.type) && header.bytes > rest.length : true;
        if (held) {
          if ((header?.bytes ?? 0) > mostHeldBytes) throw new Mp4Error(`a box of ${header?.bytes} bytes`);
          this.#held = rest;
          break;
        }
        this.#passing = header!.bytes;
        if (timedBoxes.has(header!.type)) {
          // A copy: the bytes may be in other hands, too.
          const box = Buffer.from(rest.subarray(0, header!.bytes));
          moveBox(box, readBox(box, 0, box.length), this.#ticks);
          moved.push(box);
          rest = rest.subarray(this.#passing);
          this.#passing = 0;
          continue;
        }
      }
      const passed = rest.subarray(0, this.#passing);
      moved.push(passed);
      this.#passing -= passed.length;
      rest = rest.subarray(passed.length);
    }
    return moved;
  }
}
