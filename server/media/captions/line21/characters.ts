/** Where the basic characters differ from ASCII (CTA-608-E, table 50). */
const unlikeAscii: Readonly<Record<number, string>> = {
  0x27: '’',
  0x2a: 'á',
  0x5c: 'é',
  0x5e: 'í',
  0x5f: 'ó',
  0x60: 'ú',
  0x7b: 'ç',
  0x7c: '÷',
  0x7d: 'Ñ',
  0x7e: 'ñ',
  0x7f: '█',
};

/** CTA-608-E, table 49; the tenth is a transparent space. */
const special = '®°½¿™¢£♪à èâêîôû';
/** CTA-608-E, tables 5 to 10: Spanish, French; Portuguese, German, Danish. */
const spanishAndFrench = 'ÁÉÓÚÜü‘¡*’—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»';
const portugueseAndGerman = 'ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤¦ÅåØø┌┐└┘';

export function basicCharacter(code: number): string {
  return unlikeAscii[code] ?? String.fromCharCode(code);
}

/** `code` is 0x30 to 0x3f. */
export function specialCharacter(code: number): string {
  return special[code - 0x30] ?? ' ';
}

/** `set` is 2 or 3, `code` 0x20 to 0x3f. */
export function extendedCharacter(set: number, code: number): string {
  return (set === 2 ? spanishAndFrench : portugueseAndGerman)[code - 0x20] ?? ' ';
}
