import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useNode } from '../machine.mjs';
import { logPath } from './logs.mjs';
import { runNpm } from './npm.mjs';
import { Interruption } from './program.mjs';
import { SetupError } from './setupError.mjs';
import { isAtLeast } from './version.mjs';

const wanted = '24.15.0';
const installed = '^24.21.0';

/**
 * The Node.js that runs everything from here on: this one when it is new enough, else one from npm in the cache. The
 * system's is left alone.
 * @type {import('./runSteps.mjs').Step}
 */
export const nodeStep = {
  title: 'Node.js',
  async ready(machine) {
    if (isAtLeast(process.versions.node, wanted)) return process.version;
    const path = cachedNode(machine);
    if (!existsSync(path)) return undefined;
    useNode(machine, path);
    return `24, from ${machine.cache}`;
  },
  async work(machine, progress) {
    progress(`this one is ${process.version}; installing Node.js 24 for this project alone`);
    const log = logPath(machine, 'node');
    try {
      await installNode(machine, log);
    } catch (error) {
      if (error instanceof Interruption) throw error;
      throw new SetupError(
        `Node.js ${wanted} or newer is needed, and npm could not install it (log: ${log}): check that npm reaches its registry, or install Node.js 24 (https://nodejs.org).`,
        { cause: error },
      );
    }
    useNode(machine, cachedNode(machine));
  },
};

const platform = process.platform === 'win32' ? 'win' : process.platform;
// The package `node` is a script that installs this one; without the script it works whatever npm allows.
const nodePackage = `${platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'}-${platform}-${process.arch}`;

/** @param {import('../machine.mjs').Machine} machine */
function cachedNode(machine) {
  return join(nodeFolder(machine), 'node_modules', nodePackage, 'bin', 'node');
}

/** @param {import('../machine.mjs').Machine} machine */
function nodeFolder(machine) {
  return join(machine.cache, `node-24-${platform}-${process.arch}`);
}

/**
 * @param {import('../machine.mjs').Machine} machine
 * @param {string} log
 */
async function installNode(machine, log) {
  mkdirSync(machine.cache, { recursive: true });
  const folder = mkdtempSync(join(machine.cache, 'node-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"private": true}');
    await runNpm(machine, ['install', `${nodePackage}@${installed}`], { cwd: folder, log });
    rmSync(nodeFolder(machine), { recursive: true, force: true });
    renameSync(folder, nodeFolder(machine));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
