import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { logPath } from './logs.mjs';
import { Interruption, runProgram } from './program.mjs';
import { SetupError } from './setupError.mjs';
import { hashFiles, isStamped, writeStamp } from './stamp.mjs';

const sources = ['client', 'shared', 'vite.config.ts', 'package-lock.json'];

/**
 * The pages that the server hands out, built again only when their sources have changed.
 * @type {import('./runSteps.mjs').Step}
 */
export const clientStep = {
  title: 'studio and player pages',
  async ready(machine) {
    return isStamped(stampPath(machine), sourceStamp(machine)) ? 'as their sources have them' : undefined;
  },
  async work(machine, progress) {
    progress('building');
    const stamp = sourceStamp(machine);
    const log = logPath(machine, 'client');
    rmSync(stampPath(machine), { force: true });
    try {
      await runProgram(machine.nodePath, [join(machine.root, 'node_modules/vite/bin/vite.js'), 'build'], {
        cwd: machine.root,
        env: machine.env,
        log,
      });
    } catch (error) {
      if (error instanceof Interruption) throw error;
      throw new SetupError(`The studio could not be built: ${log} says why.`, { cause: error });
    }
    writeStamp(stampPath(machine), stamp);
  },
};

/** @param {import('../machine.mjs').Machine} machine */
function stampPath(machine) {
  return join(machine.root, 'dist', 'client.stamp');
}

/** @param {import('../machine.mjs').Machine} machine */
function sourceStamp(machine) {
  return `${hashFiles(machine.root, sources, (path) => !/\.test\.tsx?$/.test(path))}\n`;
}
