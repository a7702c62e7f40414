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

  it('cover every benchmark', () => {
    const folder = join(root, 'e2e/bench');
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
    const imported = files.flatMap(
      (file) => readFileSync(join(folder, file), 'utf8').match(/(?<=from '\.\/)[\w.]+/g) ?? [],
    );
    const run = Object.entries(scripts).flatMap(([name, command]) =>
      /^(bench|soak):/.test(name) ? [command.slice(command.lastIndexOf('/') + 1)] : [],
    );
    expect(run.toSorted()).toEqual(files.filter((file) => !imported.includes(file)).toSorted());
  });
});

describe('npm test', () => {
  it.each(checks)('runs a program that is installed: $name', ({ command: [program = ''] }) => {
    expect(existsSync(join(root, 'node_modules/.bin', program))).toBe(true);
  });
});
