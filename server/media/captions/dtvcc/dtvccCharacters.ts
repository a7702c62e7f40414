/** Where G0 differs from ASCII. */
const musicNote = 0x7f;
/** G2 (CTA-708-E 7.1). */
const extendedLatin: Readonly<Record<number, string>> = {
  0x20: ' ',
  0x21: '\u00a0',
  0x25: '…',
  0x2a: 'Š',
  0x2c: 'Œ',
  0x30: '█',
  0x31: '‘',
  0x32: '’',
  0x33: '“',
  0x34: '”',
  0x35: '•',
  0x39: '™',
  0x3a: 'š',
  0x3c: 'œ',
  0x3d: '℠',
  0x3f: 'Ÿ',
  0x76: '⅛',
  0x77: '⅜',
  0x78: '⅝',
  0x79: '⅞',
  0x7a: '│',
  0x7b: '┐',
  0x7c: '└',
  0x7d: '─',
  0x7e: '┘',
  0x7f: '┌',
};
/** The only one of G3: a sign that there are captions. */
const captionSign = 0xa0;
/** Stands for what is not known. */
const substitute = '_';

/** G0 (0x20 to 0x7f) and G1 (0xa0 to 0xff), which is Latin-1. */
export function dtvccCharacter(code: number): string {
  return code === musicNote ? '♪' : String.fromCharCode(code);
}

/** G2 (0x20 to 0x7f) and G3 (0xa0 to 0xff). */
export function extendedDtvccCharacter(code: number): string {
  return code === captionSign ? '[CC]' : (extendedLatin[code] ?? substitute);
}
