import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/**
 * What the set-up knows of this machine; steps complete it as they go.
 * @typedef {object} Machine
 * @property {string} root The checkout.
 * @property {string} cache Per user, outside the checkout: what a second clone need not get again.
 * @property {string} nodePath The Node.js that every later command runs on.
 * @property {NodeJS.ProcessEnv} env The environment of every later command.
 */

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Machine}
 */
export function createMachine(root, env = process.env) {
  const cache = join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tallylight');
  const machine = { root, cache, nodePath: process.execPath, env: { ...env } };
  useNode(machine, process.execPath);
  return machine;
}

/**
 * Makes later commands, and what they start, run on this Node.js and find the project's own programs.
 * @param {Machine} machine
 * @param {string} nodePath
 */
export function useNode(machine, nodePath) {
  machine.nodePath = nodePath;
  const first = [dirname(nodePath), join(machine.root, 'node_modules', '.bin')];
  const others = (machine.env['PATH'] ?? '').split(delimiter).filter((folder) => folder && !first.includes(folder));
  machine.env['PATH'] = [...first, ...others].join(delimiter);
}
