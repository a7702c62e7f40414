/** A whole number from 0 to below. */
export type Random = (below: number) => number;

/** mulberry32: the same numbers for the same seed. */
export function newRandom(seed: number): Random {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function pick<T>(random: Random, ...choices: readonly [T, ...T[]]): T {
  return choices[random(choices.length)] ?? choices[0];
}

/** Many of them at the ends of their range. */
export function randomBytes(random: Random, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let index = 0; index < length; index += 1) {
    const extreme = random(4);
    bytes[index] = extreme === 0 ? 0xff : extreme === 1 ? random(4) : random(256);
  }
  return bytes;
}

/** Flips, overwrites, removes, repeats, inserts and cuts, at or behind `from`. */
export function mutate(random: Random, original: Buffer, from = 0): Buffer {
  let bytes = Buffer.from(original);
  for (let count = 1 + random(5); count > 0; count -= 1) {
    const at = Math.min(bytes.length, from) + random(Math.max(1, bytes.length - from));
    const piece = randomBytes(random, 1 + random(24));
    const choice = random(6);
    if (choice === 0 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (choice === 1) piece.copy(bytes, Math.min(at, bytes.length));
    else if (choice === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + piece.length)]);
    else if (choice === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 40))]);
    else if (choice === 4) bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
    else if (random(4) === 0) bytes = bytes.subarray(0, at);
  }
  return bytes;
}

/** The same bytes in pieces, as a network delivers them. */
export function* inPieces(random: Random, bytes: Buffer): Generator<Buffer> {
  const most = pick(random, 1500, 4000, 40, 65_536);
  for (let offset = 0; offset < bytes.length;) {
    const length = 1 + random(most);
    yield bytes.subarray(offset, offset + length);
    offset += length;
  }
}
