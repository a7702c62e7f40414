import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram, runProgram } from './program.mjs';
import { SetupError } from './setupError.mjs';

/**
 * Runs npm on the project's Node.js. No install script is run: mediasoup's would fail the whole installation where its
 * download is out of reach, and nothing else needs one.
 * @param {import('../machine.mjs').Machine} machine
 * @param {string[]} args
 * @param {{ cwd: string, log: string, onLine?: (line: string) => void }} options
 */
export async function runNpm(machine, args, options) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'];
  await runProgram(machine.nodePath, [npmScript(machine), ...args, ...quiet], {
    ...options,
    env: npmEnvironment(machine),
  });
}

/**
 * npm of the command that started us, else the one beside the running Node.js, else the one on PATH.
 * @param {import('../machine.mjs').Machine} machine
 */
function npmScript({ env }) {
  const bin = dirname(process.execPath);
  const beside = [join(bin, '../lib/node_modules/npm/bin/npm-cli.js'), join(bin, 'node_modules/npm/bin/npm-cli.js')];
  const onPath = findProgram('npm', env);
  const candidates = [env['npm_execpath'], ...beside, onPath && realpathSync(onPath)];
  const script = candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path));
  if (!script) throw new SetupError('npm is needed and was not found: install it (on Debian: apt install npm).');
  return script;
}

/**
 * The user's own npm settings stay; those that npm passed to this run of a script would speak of another folder.
 * @param {import('../machine.mjs').Machine} machine
 */
function npmEnvironment({ env }) {
  const passedOn = /^npm_(package|lifecycle|command|config_local_prefix|config_prefix)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !passedOn.test(name)));
}
