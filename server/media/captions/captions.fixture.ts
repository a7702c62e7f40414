/** Captions of line 21 as an encoder sends them, so that tests need no captioning equipment. */

/** Two bytes of line 21, without parity. */
export type Pair = readonly [first: number, second: number];

/** Pairs for one field; each control code twice, as CTA-608-E 8.4 asks. */
export const line21 = {
  resumeLoading: twice(0x14, 0x20),
  resumeDirect: twice(0x14, 0x29),
  rollUp: (depth: 2 | 3 | 4) => twice(0x14, 0x23 + depth),
  carriageReturn: twice(0x14, 0x2d),
  eraseDisplayed: twice(0x14, 0x2c),
  eraseHidden: twice(0x14, 0x2e),
  endOfCaption: twice(0x14, 0x2f),
  backspace: twice(0x14, 0x21),
  /** Rows count from 1; columns from 0, in steps of four. */
  place: (row: number, column = 0) => preamble(row, 0x10 | (column / 2)),
  italics: twice(0x11, 0x2e),
  special: (code: number) => twice(0x11, code),
  extended: (set: 2 | 3, code: number) => twice(0x10 | set, code),
  text: (text: string): Pair[] => {
    const codes = Array.from(text, (character) => character.charCodeAt(0));
    if (codes.length % 2 === 1) codes.push(0);
    return codes.flatMap((code, index): Pair[] => (index % 2 === 0 ? [[code, codes[index + 1]!]] : []));
  },
} as const;

/** A pop-on caption: loaded, then shown. */
export function popOn(...lines: readonly { row: number; column?: number; text: string }[]): Pair[] {
  return [
    ...line21.resumeLoading,
    ...line21.eraseHidden,
    ...lines.flatMap(({ row, column, text }) => line21.place(row, column).concat(line21.text(text))),
    ...line21.endOfCaption,
  ];
}

/** The same codes for the field's second channel. */
export function secondChannel(pairs: readonly Pair[]): Pair[] {
  return pairs.map(([first, second]) => [first >= 0x10 && first < 0x20 ? first | 0x8 : first, second]);
}

function twice(first: number, second: number): Pair[] {
  return [
    [first, second],
    [first, second],
  ];
}

const preambleCodes: Readonly<Record<number, Pair>> = {
  1: [0x11, 0x40],
  2: [0x11, 0x60],
  3: [0x12, 0x40],
  4: [0x12, 0x60],
  5: [0x15, 0x40],
  6: [0x15, 0x60],
  7: [0x16, 0x40],
  8: [0x16, 0x60],
  9: [0x17, 0x40],
  10: [0x17, 0x60],
  11: [0x10, 0x40],
  12: [0x13, 0x40],
  13: [0x13, 0x60],
  14: [0x14, 0x40],
  15: [0x14, 0x60],
};

function preamble(row: number, attributes: number): Pair[] {
  const [first, second] = preambleCodes[row]!;
  return twice(first, second | attributes);
}

/** Odd parity in the highest bit. */
function withParity(byte: number): number {
  const ones = byte.toString(2).replaceAll('0', '').length;
  return ones % 2 === 0 ? byte | 0x80 : byte;
}

/** Triplets of `cc_data` for one field, 1 or 2. */
export function tripletsOf(pairs: readonly Pair[], field: 1 | 2 = 1): Uint8Array {
  return Uint8Array.from(pairs.flatMap((pair) => [0xfc | (field - 1), ...pair.map(withParity)]));
}

export function ccDataOf(triplets: Uint8Array): Uint8Array {
  return Uint8Array.of(0x40 | (triplets.length / 3), 0xff, ...triplets);
}

/** An SEI unit with the triplets, as A/53 has it, with a marker of video's own between. */
export function captionSei(triplets: Uint8Array): Uint8Array {
  const payload = [0xb5, 0x00, 0x31, 0x47, 0x41, 0x39, 0x34, 0x03, ...ccDataOf(triplets), 0xff];
  return Uint8Array.from([0x06, ...escaped([0x04, payload.length, ...payload, 0x80])]);
}

/** H.264 7.4.1, emulation prevention. */
function escaped(bytes: readonly number[]): number[] {
  const out: number[] = [];
  for (const byte of bytes) {
    if (byte <= 3 && out.at(-1) === 0 && out.at(-2) === 0) out.push(3);
    out.push(byte);
  }
  return out;
}

/** An H.264 sample with lengths of four bytes, with the unit put before what it has. */
export function withUnit(unit: Uint8Array, sample: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(unit.length);
  return Buffer.concat([length, unit, sample]);
}
