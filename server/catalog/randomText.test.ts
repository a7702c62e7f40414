import { describe, expect, it } from 'vitest';
import { lowerAlphanumeric, randomText } from './randomText.ts';

describe('random text', () => {
  it('has the length and the characters that were asked for', () => {
    expect(randomText(500, lowerAlphanumeric)).toMatch(/^[a-z0-9]{500}$/);
  });

  it('draws again the bytes that would make some characters likelier', () => {
    const bytes = [255, 252, 251, 0];
    const random = (size: number) => Uint8Array.from({ length: size }, () => bytes.shift() ?? 1);
    expect(randomText(2, lowerAlphanumeric, random)).toBe('9a');
  });
});
