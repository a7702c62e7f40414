import { expect, it } from 'vitest';
import { formatBytes } from './formatBytes.ts';

it('says sizes in the unit that fits', () => {
  expect(formatBytes(0)).toBe('0 bytes');
  expect(formatBytes(999)).toBe('999 bytes');
  expect(formatBytes(1000)).toBe('1.0 kB');
  expect(formatBytes(9_960)).toBe('10 kB');
  expect(formatBytes(999_600)).toBe('1.0 MB');
  expect(formatBytes(4_240_000)).toBe('4.2 MB');
  expect(formatBytes(137_000_000_000)).toBe('137 GB');
  expect(formatBytes(2e15)).toBe('2000 TB');
});
