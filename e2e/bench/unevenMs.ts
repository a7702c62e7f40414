/** 0 to 60, at random and always the same: by how much segments of a browser's broadcast differ. */
export function unevenMs(index: number): number {
  let mixed = index + 0x6d2b79f5;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % 61;
}
