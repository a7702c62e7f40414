import { expect, it } from 'vitest';
import { missingPart } from './missingPart.ts';

it('is content with what is nearly all, or where nothing was announced', () => {
  expect(missingPart(60_000, 57_500)).toBeUndefined();
  expect(missingPart(3000, 1200)).toBeUndefined();
  expect(missingPart(undefined, 10)).toBeUndefined();
});

it('says how much of a file could be read', () => {
  expect(missingPart(60_000, 30_000)).toContain('of its 60 seconds only 30 can be read');
});
