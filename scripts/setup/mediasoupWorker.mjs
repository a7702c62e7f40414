import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildPackages, buildWorker, recipeKey } from '../mediasoupWorker/build.mjs';
import { hasApt, installPackages, installedVersions } from './apt.mjs';
import { logPath } from './logs.mjs';
import { Interruption, ProgramError, runProgram } from './program.mjs';
import { ninjaProgress } from './progress.mjs';
import { SetupError } from './setupError.mjs';

const purpose = 'mediasoup’s worker could not be downloaded and has to be built';
const otherwise = 'let this machine reach github.com, or set MEDIASOUP_WORKER_BIN to a worker built elsewhere';
const downloadMs = 90_000;
const exe = process.platform === 'win32' ? '.exe' : '';

/**
 * mediasoup's worker, where mediasoup looks for it: the one that is there, else one from the cache, else the official
 * prebuilt, else one built here.
 * @type {import('./runSteps.mjs').Step}
 */
export const mediasoupWorkerStep = {
  title: 'mediasoup worker',
  async ready(machine) {
    const own = machine.env['MEDIASOUP_WORKER_BIN'];
    if (own) {
      if (isSound(own)) return own;
      throw new SetupError(
        `MEDIASOUP_WORKER_BIN is ${own}, which is not a working mediasoup worker: mend or remove it.`,
      );
    }
    return isSound(workerPath(machine)) ? version(machine) : undefined;
  },
  async work(machine, progress) {
    const cached = [prebuiltCache(machine), builtCache(machine)].find((path) => isSound(path));
    if (cached) return copyInto(cached, workerPath(machine));
    progress('downloading the official one');
    await download(machine);
    if (isSound(workerPath(machine))) {
      copyInto(workerPath(machine), prebuiltCache(machine));
      return;
    }
    progress('no official one to be had here; building it');
    await build(machine, progress);
  },
};

/**
 * Started without the version that the library passes it, a worker that runs on this machine ends with code 41.
 * @param {string} path
 */
function isSound(path) {
  return existsSync(path) && spawnSync(path, { env: {}, timeout: 10_000 }).status === 41;
}

/** @param {import('../machine.mjs').Machine} machine */
function packageFolder(machine) {
  return join(machine.root, 'node_modules', 'mediasoup');
}

/** @param {import('../machine.mjs').Machine} machine */
function workerPath(machine) {
  return join(packageFolder(machine), 'worker', 'out', 'Release', `mediasoup-worker${exe}`);
}

/** @param {import('../machine.mjs').Machine} machine */
function version(machine) {
  return JSON.parse(readFileSync(join(packageFolder(machine), 'package.json'), 'utf8')).version;
}

/** @param {import('../machine.mjs').Machine} machine */
function prebuiltCache(machine) {
  return cachePath(machine, 'official');
}

/**
 * Libraries are linked statically, so their versions are in the name: a security update of OpenSSL builds anew.
 * @param {import('../machine.mjs').Machine} machine
 */
function builtCache(machine) {
  return cachePath(machine, recipeKey(installedVersions(buildPackages.libraries) ?? []));
}

/**
 * @param {import('../machine.mjs').Machine} machine
 * @param {string} origin
 */
function cachePath(machine, origin) {
  return join(
    machine.cache,
    'mediasoup-worker',
    `${version(machine)}-${process.platform}-${process.arch}-${origin}${exe}`,
  );
}

/**
 * @param {string} from
 * @param {string} to
 */
function copyInto(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  const unfinished = `${to}.${process.pid}`;
  copyFileSync(from, unfinished);
  renameSync(unfinished, to);
}

/**
 * mediasoup's own install step, which also knows where its releases are. PYTHON=false ends it after the download.
 * @param {import('../machine.mjs').Machine} machine
 */
async function download(machine) {
  try {
    await runProgram(machine.nodePath, ['npm-scripts.mjs', 'postinstall'], {
      cwd: packageFolder(machine),
      env: { ...machine.env, PYTHON: 'false' },
      log: logPath(machine, 'mediasoup-worker'),
      timeoutMs: downloadMs,
    });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
  }
}

/**
 * @param {import('../machine.mjs').Machine} machine
 * @param {(text: string) => void} progress
 */
async function build(machine, progress) {
  const log = logPath(machine, 'mediasoup-worker');
  const onLine = (/** @type {string} */ line) => {
    const text = ninjaProgress(line);
    if (text) progress(text);
  };
  try {
    if (hasApt(machine.env)) await buildFromDebian(machine, progress, { log, onLine });
    else await buildTheOfficialWay(machine, { log, onLine });
  } catch (error) {
    if (error instanceof Interruption || error instanceof SetupError) throw error;
    throw new SetupError(`${purpose}, and the build failed (log: ${log}): ${otherwise}.`, { cause: error });
  }
  if (!isSound(workerPath(machine)))
    throw new SetupError(`${purpose}, and what was built does not run here: ${otherwise}.`);
}

/**
 * @param {import('../machine.mjs').Machine} machine
 * @param {(text: string) => void} progress
 * @param {{ log: string, onLine: (line: string) => void }} output
 */
async function buildFromDebian(machine, progress, output) {
  const needed = [...buildPackages.tools, ...buildPackages.libraries];
  if (!installedVersions(needed)) {
    await installPackages(machine, needed, { purpose, otherwise, progress });
    if (isSound(builtCache(machine))) return copyInto(builtCache(machine), workerPath(machine));
  }
  progress('compiling');
  await buildWorker({
    packageFolder: packageFolder(machine),
    workFolder: join(machine.cache, 'mediasoup-worker', `build-${process.pid}`),
    downloadFolder: join(machine.cache, 'downloads'),
    outputPath: builtCache(machine),
    env: machine.env,
    ...output,
  });
  copyInto(builtCache(machine), workerPath(machine));
}

/**
 * Elsewhere than on Debian: mediasoup's own build, which gets its tools and libraries from the internet.
 * @param {import('../machine.mjs').Machine} machine
 * @param {{ log: string, onLine: (line: string) => void }} output
 */
async function buildTheOfficialWay(machine, output) {
  await runProgram(machine.nodePath, ['npm-scripts.mjs', 'worker:build'], {
    cwd: packageFolder(machine),
    env: machine.env,
    ...output,
  });
}
