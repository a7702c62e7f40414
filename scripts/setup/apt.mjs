import { readFileSync } from 'node:fs';
import { logPath } from './logs.mjs';
import { Interruption, findProgram, runProgram } from './program.mjs';
import { aptProgress } from './progress.mjs';
import { SetupError } from './setupError.mjs';

/**
 * Whether this machine is of the Debian family, so that package names are the ones we know.
 * @param {NodeJS.ProcessEnv} env
 */
export function hasApt(env) {
  return process.platform === 'linux' && findProgram('apt-get', env) !== undefined;
}

function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * Installs Debian packages without a question, or says in one sentence how to get them.
 * @param {import('../machine.mjs').Machine} machine
 * @param {string[]} packages
 * @param {{ purpose: string, otherwise: string, progress: (text: string) => void }} options `purpose` begins the
 *   sentence ("ffmpeg 5.1 or newer is needed"), `otherwise` says what helps where there is no apt.
 */
export async function installPackages(machine, packages, { purpose, otherwise, progress }) {
  const command = `apt-get install -y ${packages.join(' ')}`;
  if (!hasApt(machine.env)) throw new SetupError(`${purpose}: ${otherwise}.`);
  if (!isRoot()) throw new SetupError(`${purpose}: run "sudo ${command}", or ${otherwise}.`);
  const log = logPath(machine, 'apt');
  const options = {
    log,
    env: { ...machine.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
    statusPipe: true,
    onLine: (/** @type {string} */ line) => {
      const text = aptProgress(line);
      if (text) progress(text);
    },
  };
  const quiet = ['-o', 'APT::Status-Fd=3', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=300'];
  try {
    progress('reading the package lists');
    await runProgram('apt-get', ['update', ...quiet], options);
    await runProgram('apt-get', ['install', '-y', '--no-install-recommends', ...quiet, ...packages], options);
  } catch (error) {
    if (error instanceof Interruption) throw error;
    throw new SetupError(`${purpose}, and "${command}" failed (log: ${log}): mend that, or ${otherwise}.`, {
      cause: error,
    });
  }
}

/**
 * The versions of installed Debian packages, or undefined when one of them is not installed.
 * @param {string[]} packages
 * @returns {string[] | undefined}
 */
export function installedVersions(packages) {
  const installed = dpkgStatus();
  const versions = packages.map((name) => installed.get(name));
  return versions.every((version) => version !== undefined) ? versions : undefined;
}

/** @returns {Map<string, string>} Versions by package name. */
function dpkgStatus() {
  /** @type {Map<string, string>} */
  const versions = new Map();
  let text = '';
  try {
    text = readFileSync('/var/lib/dpkg/status', 'utf8');
  } catch {
    return versions;
  }
  for (const paragraph of text.split('\n\n')) {
    const name = /^Package: (.+)$/m.exec(paragraph)?.[1];
    const version = /^Version: (.+)$/m.exec(paragraph)?.[1];
    if (name && version && /^Status: install ok installed$/m.test(paragraph)) versions.set(name, version);
  }
  return versions;
}
