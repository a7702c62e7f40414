import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hashFiles, isStamped, writeStamp } from './stamp.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tallylight-stamp-'));
  mkdirSync(join(root, 'client'));
  writeFileSync(join(root, 'client', 'page.ts'), 'one');
  writeFileSync(join(root, 'package-lock.json'), '{}');
});
const hash = () => hashFiles(root, ['client', 'package-lock.json'], (path) => !path.endsWith('.test.ts'));

describe('hashFiles', () => {
  it('is the same for the same content, whenever it was written and however it got there', () => {
    const before = hash();
    utimesSync(join(root, 'client', 'page.ts'), 1, 1);
    expect(hash()).toBe(before);
  });

  it.each<[string, () => void]>([
    ['a file changes', () => writeFileSync(join(root, 'client', 'page.ts'), 'two')],
    ['a file comes', () => writeFileSync(join(root, 'client', 'other.ts'), '')],
    ['a file goes', () => rmSync(join(root, 'package-lock.json'))],
    ['a file is renamed', () => renameSync(join(root, 'client', 'page.ts'), join(root, 'client', 'studio.ts'))],
  ])('changes when %s', (_, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });

  it('leaves out what does not count', () => {
    const before = hash();
    writeFileSync(join(root, 'client', 'page.test.ts'), 'a test');
    expect(hash()).toBe(before);
  });
});

describe('stamps', () => {
  it('hold for exactly the content they were written for', () => {
    const path = join(root, 'node_modules', '.stamp');
    expect(isStamped(path, 'a')).toBe(false);
    writeStamp(path, 'a');
    expect(isStamped(path, 'a')).toBe(true);
    expect(isStamped(path, 'b')).toBe(false);
  });
});
