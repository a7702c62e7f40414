/** Codes of a service (CTA-708-E 7 and 8). C1's are in steps of one from the first of their kind. */
export const codes = {
  backspace: 0x08,
  formFeed: 0x0c,
  carriageReturn: 0x0d,
  horizontalCarriageReturn: 0x0e,
  extended: 0x10,
  setCurrentWindow: 0x80,
  clearWindows: 0x88,
  displayWindows: 0x89,
  hideWindows: 0x8a,
  toggleWindows: 0x8b,
  deleteWindows: 0x8c,
  delay: 0x8d,
  reset: 0x8f,
  setPenAttributes: 0x90,
  setPenColor: 0x91,
  setPenLocation: 0x92,
  setWindowAttributes: 0x97,
  defineWindow: 0x98,
} as const;

/** Of C1 codes, where there are any; those of windows have numbers of their own. */
const parameterBytes: Readonly<Record<number, number>> = {
  [codes.clearWindows]: 1,
  [codes.displayWindows]: 1,
  [codes.hideWindows]: 1,
  [codes.toggleWindows]: 1,
  [codes.deleteWindows]: 1,
  [codes.delay]: 1,
  [codes.setPenAttributes]: 2,
  [codes.setPenColor]: 3,
  [codes.setPenLocation]: 2,
  [codes.setWindowAttributes]: 4,
};
const definitionBytes = 6;

/** With its parameters, also of codes that are not in use; more than there is where that does not say. */
export function codeBytes(block: Uint8Array, offset: number): number {
  const code = block[offset]!;
  if (code === codes.extended) return 1 + extendedBytes(block, offset + 1);
  if (code < 0x20) return controlBytes(code);
  if (code < codes.setCurrentWindow || code >= 0xa0) return 1;
  return 1 + (code >= codes.defineWindow ? definitionBytes : (parameterBytes[code] ?? 0));
}

/** C0: by the half of a column that a code is in. */
function controlBytes(code: number): number {
  if (code < 0x10) return 1;
  return code < 0x18 ? 2 : 3;
}

/** C2, G2, C3, G3. */
function extendedBytes(block: Uint8Array, offset: number): number {
  const code = block[offset];
  if (code === undefined) return 1;
  if (code < 0x20) return 1 + (code >> 3);
  if (code < 0x80 || code >= 0xa0) return 1;
  if (code < 0x88) return 5;
  if (code < 0x90) return 6;
  return 2 + ((block[offset + 1] ?? 0) & 0x1f);
}
