import type { FileHandle } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { FileSync } from './fileSync.ts';

/** A file that is named, and says that it is closed. */
function openedFile(name: string, closed: string[]): FileHandle {
  return { name, close: () => Promise.resolve(void closed.push(name)) } as unknown as FileHandle;
}

it('takes files one after the other, and knows whose are on their way', async () => {
  const closed: string[] = [];
  const turns: (() => void)[] = [];
  const sync = new FileSync({ onFailed: () => {}, sync: () => new Promise((resolve) => turns.push(resolve)) });
  for (const name of ['a1', 'b1', 'a2']) sync.add(openedFile(name, closed), name[0]!);
  expect(turns).toHaveLength(1);
  expect([sync.isPending('a'), sync.isPending('b'), sync.isPending('c')]).toEqual([true, true, false]);
  const ended = sync.close();
  for (const count of [1, 2, 3]) {
    await expect.poll(() => turns.length).toBe(count);
    turns[count - 1]!();
  }
  await ended;
  expect(closed).toEqual(['a1', 'b1', 'a2']);
  expect(sync.isPending('a')).toBe(false);
});

it('says once that the disk refuses, and goes on', async () => {
  const closed: string[] = [];
  const failures: unknown[] = [];
  const sync = new FileSync({
    onFailed: (error) => failures.push(error),
    sync: () => Promise.reject(new Error('EIO')),
  });
  for (const name of ['a', 'b']) sync.add(openedFile(name, closed), name);
  await sync.close();
  expect(closed).toEqual(['a', 'b']);
  expect(failures).toHaveLength(1);
});

it('holds no more than so many files open for a disk that does not answer', () => {
  const closed: string[] = [];
  const failures: unknown[] = [];
  const sync = new FileSync({ onFailed: (error) => failures.push(error), sync: () => new Promise(() => {}) });
  for (let index = 0; index < 600; index++) sync.add(openedFile(`${index}`, closed), 'a');
  expect(closed).toHaveLength(600 - 512 - 1);
  expect(failures).toHaveLength(1);
});
