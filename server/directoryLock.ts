import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';

export interface DirectoryLock {
  release(): void;
}

const lookEveryMs = 100;

/**
 * Makes a directory this process's own until it is released, or the process ends in whatever way: the system lets go of
 * the lock on a database, which is all that is used of it here. Undefined when another has it for all the time given.
 */
export async function lockDirectory(directory: string, patienceMs = 0): Promise<DirectoryLock | undefined> {
  mkdirSync(directory, { recursive: true });
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const lock = tryLock(join(directory, 'lock'));
    if (lock || performance.now() >= untilMs) return lock;
    await wait(lookEveryMs);
  }
}

function tryLock(path: string): DirectoryLock | undefined {
  const file = new Sqlite(path, { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
    return { release: () => file.close() };
  } catch (error) {
    file.close();
    if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
}
