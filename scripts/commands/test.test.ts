import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checks } from './test.mjs';

it.each(checks)('$name runs a program that is installed', ({ command: [program = ''] }) => {
  expect(existsSync(join(import.meta.dirname, '../../node_modules/.bin', program))).toBe(true);
});
