import { randomBytes } from 'node:crypto';

/** Random bytes; crypto's unless a test says otherwise. */
export type RandomBytes = (size: number) => Uint8Array;

export const lowerAlphanumeric = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const urlSafe = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Each character equally likely: bytes past the alphabet's last multiple are drawn again. */
export function randomText(length: number, alphabet: string, random: RandomBytes = randomBytes): string {
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of random(length - text.length)) {
      if (byte < limit) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
