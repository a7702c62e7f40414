import { expect, it } from 'vitest';
import { LastLines } from './lastLines.mjs';

it('keeps the last lines of an output that comes in pieces', () => {
  const lines = new LastLines(2);
  for (const text of ['one\ntw', 'o\nthr', 'ee\n', 'fo', 'ur\n']) lines.add(text);
  expect(lines.text()).toBe('three\nfour');
});
