import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDirectory } from './directoryLock.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tallylight-lock-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the lock on a directory', () => {
  it('is one process’s at a time, and anybody’s once it is released', async () => {
    const lock = await lockDirectory(join(directory, 'new'));
    expect(lock).toBeDefined();
    expect(await lockDirectory(join(directory, 'new'))).toBeUndefined();
    setTimeout(() => lock?.release(), 50);
    const next = await lockDirectory(join(directory, 'new'), 5000);
    expect(next).toBeDefined();
    next?.release();
    next?.release();
  });

  it('goes with a process that is killed', async () => {
    const program = `import { lockDirectory } from ${JSON.stringify(join(import.meta.dirname, 'directoryLock.ts'))};
      await lockDirectory(${JSON.stringify(directory)});
      console.log('locked');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(await lockDirectory(directory)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await lockDirectory(directory);
    expect(lock).toBeDefined();
    lock?.release();
  });
});
