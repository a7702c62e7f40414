import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checks } from './commands/test.mjs';

const root = join(import.meta.dirname, '..');
const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

describe('npm scripts', () => {
  it('replace npm’s shell, which would keep a signal to itself', () => {
    expect(Object.values(scripts).filter((command) => !command.startsWith('exec node scripts/main.cjs '))).toEqual([]);
  });

  it('name files that exist', () => {
    const files = Object.values(scripts).flatMap((command) => command.match(/\S+\.(ts|mjs|cjs)/g) ?? []);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('cover every benchmark, under the name that its first lines say', () => {
    const named = readdirSync(join(root, 'e2e/bench')).flatMap((file) => {
      const name = /^ \* npm run (bench:[\w-]+)/m.exec(readFileSync(join(root, 'e2e/bench', file), 'utf8'))?.[1];
      return name ? [{ name, file }] : [];
    });
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(({ name, file }) => !scripts[name]?.endsWith(` e2e/bench/${file}`))).toEqual([]);
  });
});

describe('npm test', () => {
  it.each(checks)('runs a program that is installed: $name', ({ command: [program = ''] }) => {
    expect(existsSync(join(root, 'node_modules/.bin', program))).toBe(true);
  });
});
