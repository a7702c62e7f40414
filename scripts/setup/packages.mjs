import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logPath } from './logs.mjs';
import { runNpm } from './npm.mjs';
import { Interruption } from './program.mjs';
import { npmProgress } from './progress.mjs';
import { SetupError } from './setupError.mjs';
import { hashFiles, isStamped, writeStamp } from './stamp.mjs';

/**
 * The npm packages of package-lock.json, installed again only when that file has changed.
 * @type {import('./runSteps.mjs').Step}
 */
export const packagesStep = {
  title: 'npm packages',
  async ready(machine) {
    return isStamped(stampPath(machine), lockStamp(machine)) ? 'as package-lock.json has them' : undefined;
  },
  async work(machine, progress) {
    const log = logPath(machine, 'packages');
    const read = npmProgress(packageCount(machine));
    const onLine = (/** @type {string} */ line) => {
      const text = read(line);
      if (text) progress(text);
    };
    try {
      await runNpm(machine, ['ci', '--loglevel=http'], { cwd: machine.root, log, onLine });
    } catch (error) {
      if (error instanceof Interruption || error instanceof SetupError) throw error;
      throw new SetupError(
        `The npm packages could not be installed (log: ${log}): check that npm reaches its registry and that the disk has 1 GB free, then run the command again.`,
        { cause: error },
      );
    }
    writeStamp(stampPath(machine), lockStamp(machine));
  },
};

/** @param {import('../machine.mjs').Machine} machine */
function stampPath(machine) {
  return join(machine.root, 'node_modules', '.tallylight-stamp');
}

/** @param {import('../machine.mjs').Machine} machine */
function lockStamp(machine) {
  return `${process.platform} ${process.arch} ${hashFiles(machine.root, ['package-lock.json'])}\n`;
}

/** @param {import('../machine.mjs').Machine} machine */
function packageCount(machine) {
  /** @type {{ packages: Record<string, { os?: string[], cpu?: string[] }> }} */
  const lock = JSON.parse(readFileSync(join(machine.root, 'package-lock.json'), 'utf8'));
  const fits = Object.entries(lock.packages).filter(
    ([path, { os, cpu }]) =>
      path !== '' && (os?.includes(process.platform) ?? true) && (cpu?.includes(process.arch) ?? true),
  );
  return fits.length;
}
