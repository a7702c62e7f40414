import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../setup/program.mjs';
import { hashFiles } from '../setup/stamp.mjs';

/**
 * Builds mediasoup's worker from the official npm package, without GitHub, PyPI or Meson's WrapDB: only a Debian mirror
 * is needed. mediasoup's sources are compiled as they are, but for one expression (`passOnAnswers`); what differs from
 * the official build is where the libraries come from:
 *   OpenSSL, libuv, abseil, flatbuffers   Debian's -dev packages, linked statically
 *   unordered_dense (one header)          from the source of a Debian package that carries it
 *   libsrtp                               2.7 behind a header with the libsrtp 3 calls that the worker makes: the
 *                                         official build uses a beta of 3.0 that Debian does not have
 */

const here = dirname(fileURLToPath(import.meta.url));

export const buildPackages = {
  tools: ['g++', 'pkg-config', 'ninja-build', 'python3', 'binutils', 'xz-utils', 'flatbuffers-compiler'],
  libraries: ['libuv1-dev', 'libssl-dev', 'libabsl-dev', 'libflatbuffers-dev'],
};

/** Files of the Debian archive, below `pool/main`. */
const downloads = {
  srtp: {
    path: 'libs/libsrtp2/libsrtp2_2.7.0.orig.tar.gz',
    sha256: '54facb1727a557c2a76b91194dcb2d0a453aaf8e2d0cbbf1e3c2848c323e28ad',
  },
  unorderedDense: {
    path: 'r/rspamd/rspamd_3.12.1.orig.tar.xz',
    sha256: '8801ee6838114c5a9e69fc27e818be4d636c051f06c87a2c711111dc21a4a254',
  },
  // Debian 12's Meson is too old for the worker; this one is pure Python and runs where it is unpacked.
  meson: {
    path: 'm/meson/meson_1.7.0-1_all.deb',
    sha256: 'e92d04e60e784336883d537755d09b7dcb856809fa318a0931df3898e84ded95',
  },
};

/**
 * Changes whenever the built worker would: with this recipe and with the libraries in it.
 * @param {string[]} libraryVersions
 */
export function recipeKey(libraryVersions) {
  const recipe = hashFiles(here, readdirSync(here).toSorted());
  return createHash('sha256')
    .update([recipe, ...libraryVersions].join('\n'))
    .digest('hex')
    .slice(0, 12);
}

/**
 * @typedef {object} Build
 * @property {string} packageFolder mediasoup's npm package.
 * @property {string} workFolder Made and removed again.
 * @property {string} downloadFolder Kept.
 * @property {string} outputPath Where the worker goes.
 * @property {NodeJS.ProcessEnv} env
 * @property {string} log
 * @property {(line: string) => void} onLine
 */

/** @param {Build} build */
export async function buildWorker(build) {
  const { workFolder, outputPath, log, env, onLine } = build;
  const source = join(workFolder, 'worker');
  const objects = join(workFolder, 'objects');
  const run = (/** @type {string} */ command, /** @type {string[]} */ ...args) =>
    runProgram(command, args, { log, env, onLine });
  rmSync(workFolder, { recursive: true, force: true });
  mkdirSync(workFolder, { recursive: true });
  try {
    cpSync(join(build.packageFolder, 'worker'), source, { recursive: true });
    passOnAnswers(join(source, 'src', 'RTC', 'DtlsTransport.cpp'));
    await placeLibraries(build, join(source, 'subprojects'), run);
    await run('dpkg-deb', '-x', await fetchFile(build, downloads.meson), join(workFolder, 'meson'));
    const meson = {
      log,
      onLine,
      env: { ...env, PYTHONPATH: join(workFolder, 'meson/usr/lib/python3/dist-packages') },
    };
    const options = ['--buildtype', 'release', '-Db_ndebug=true', '--wrap-mode', 'nodownload'];
    await runProgram(
      '/usr/bin/python3',
      [join(workFolder, 'meson/usr/bin/meson'), 'setup', objects, source, ...options],
      meson,
    );
    await runProgram('ninja', ['-C', objects, 'mediasoup-worker'], meson);
    mkdirSync(dirname(outputPath), { recursive: true });
    await run('strip', '-o', join(workFolder, 'stripped'), join(objects, 'mediasoup-worker'));
    renameSync(join(workFolder, 'stripped'), outputPath);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

/**
 * The worker's BIO callback answers 1 to every control question. Debian's OpenSSL has kernel TLS (the official build's
 * has not), takes that for "kernel TLS is on", allocates no write buffer and crashes in the first DTLS handshake.
 * OpenSSL's own answer is passed on instead.
 * @param {string} path
 */
function passOnAnswers(path) {
  const before = readFileSync(path, 'utf8');
  const after = before.replace('(operationType == BIO_CB_RETURN)', '(operationType & BIO_CB_RETURN)');
  if (after === before) throw new Error(`${path} is not what this recipe knows.`);
  writeFileSync(path, after);
}

/**
 * Meson takes `subprojects/<name>` as it is when no `<name>.wrap` says what to download: ours hand out the system's
 * libraries.
 * @param {Build} build
 * @param {string} subprojects
 * @param {(command: string, ...args: string[]) => Promise<void>} run
 */
async function placeLibraries(build, subprojects, run) {
  rmSync(subprojects, { recursive: true, force: true });
  cpSync(join(here, 'subprojects'), subprojects, { recursive: true });
  const srtp = join(subprojects, 'libsrtp2');
  mkdirSync(srtp);
  await run('tar', '-xzf', await fetchFile(build, downloads.srtp), '-C', srtp, '--strip-components=1');
  const header = '*/contrib/ankerl/unordered_dense.h';
  const into = ['-C', join(subprojects, 'libsrtp3'), '--strip-components=2', '--wildcards', header];
  await run('tar', '-xJf', await fetchFile(build, downloads.unorderedDense), ...into);
}

/**
 * Downloads with apt, which knows this machine's mirror, proxy and certificates, and checks the sum.
 * @param {Build} build
 * @param {{ path: string, sha256: string }} file
 * @returns {Promise<string>} Where it is now.
 */
async function fetchFile({ downloadFolder, env, log }, { path, sha256 }) {
  const target = join(downloadFolder, path.slice(path.lastIndexOf('/') + 1));
  if (sha256Of(target) === sha256) return target;
  mkdirSync(downloadFolder, { recursive: true });
  const url = `${debianMirror(env)}/pool/main/${path}`;
  await runProgram('/usr/lib/apt/apt-helper', ['download-file', url, target, `SHA256:${sha256}`], { env, log });
  return target;
}

/** @param {string} path */
function sha256Of(path) {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return undefined;
  }
}

/**
 * The main archive that apt is set up with (not the security one, which has another pool).
 * @param {NodeJS.ProcessEnv} env
 */
function debianMirror(env) {
  const args = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', 'Label: Debian'];
  const mirror = execFileSync('apt-get', args, { encoding: 'utf8', env }).split('\n')[0]?.trim();
  if (!mirror) throw new Error('apt knows no Debian archive.');
  return mirror.replace(/\/+$/, '');
}
