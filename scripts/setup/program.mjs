import { spawn } from 'node:child_process';
import { accessSync, constants, createWriteStream, mkdirSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';

/** A program failed; its whole output is in the log. */
export class ProgramError extends Error {}

/** This process was told to end, and has ended the program it was running. */
export class Interruption extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`Ended by ${signal}.`);
    this.exitCode = exitCodeOf(signal);
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} log Where all output goes.
 * @property {(line: string) => void} [onLine]
 * @property {number} [timeoutMs]
 * @property {boolean} [statusPipe] Also reads lines from file descriptor 3.
 */

/**
 * Runs a program to its end, without questions: its input is empty. Ends it when this process is told to end.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} options
 * @returns {Promise<void>}
 */
export function runProgram(command, args, { cwd, env, log, onLine, timeoutMs, statusPipe = false }) {
  mkdirSync(dirname(log), { recursive: true });
  const logFile = createWriteStream(log, { flags: 'a' });
  logFile.write(`\n$ ${command} ${args.join(' ')}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      timeout: timeoutMs,
      stdio: ['ignore', 'pipe', 'pipe', ...(statusPipe ? /** @type {const} */ (['pipe']) : [])],
    });
    const output = new PassThrough();
    for (const stream of child.stdio.slice(1)) {
      stream?.on('data', (/** @type {Buffer} */ chunk) => {
        logFile.write(chunk);
        output.write(chunk);
      });
    }
    if (onLine) createInterface({ input: output }).on('line', onLine);
    else output.resume();
    /** @type {NodeJS.Signals | undefined} */
    let interruptedBy;
    const stop = passOnSignals(child, (signal) => (interruptedBy = signal));
    child.once('error', (error) => finish(new ProgramError(`${command} cannot be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
      if (interruptedBy) finish(new Interruption(interruptedBy));
      else finish(code === 0 ? undefined : new ProgramError(`${command} ${how}`));
    });
    const finish = (/** @type {Error | undefined} */ error) => {
      stop();
      output.end();
      logFile.end(() => (error ? reject(error) : resolve()));
    };
  });
}

/**
 * While a child runs, SIGINT and SIGTERM are its business: repeats within half a second (a terminal signals the whole
 * group, and npm passes the signal on as well) count once. Returns what stops it.
 * @param {import('node:child_process').ChildProcess} child
 * @param {(signal: NodeJS.Signals) => void} [onSignal]
 */
export function passOnSignals(child, onSignal) {
  let lastAt = -Infinity;
  const passOn = (/** @type {NodeJS.Signals} */ signal) => {
    if (performance.now() - lastAt < 500) return;
    lastAt = performance.now();
    onSignal?.(signal);
    child.kill(signal);
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, passOn);
  return () => {
    for (const signal of signals) process.off(signal, passOn);
  };
}

/**
 * Runs a program with this terminal and resolves with its exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, onOutput?: (text: string) => void }} options `onOutput` also gets what
 *   the program prints, which then does not see a terminal.
 * @returns {Promise<number>}
 */
export function runInForeground(command, args, { cwd, env, onOutput }) {
  return new Promise((resolve, reject) => {
    const output = onOutput ? 'pipe' : 'inherit';
    const child = spawn(command, args, { cwd, env, stdio: ['inherit', output, output] });
    const stop = passOnSignals(child);
    if (onOutput) {
      for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput);
      child.stdout?.pipe(process.stdout, { end: false });
      child.stderr?.pipe(process.stderr, { end: false });
    }
    child.once('error', (error) => {
      stop();
      reject(error);
    });
    child.once('close', (code, signal) => {
      stop();
      resolve(code ?? exitCodeOf(signal));
    });
  });
}

/**
 * @param {NodeJS.Signals | null} signal
 * @returns {number} As a shell has it: 128 and the signal's number.
 */
function exitCodeOf(signal) {
  return 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[String(signal)] ?? 0);
}

/**
 * Where a program is, as the shell would find it; a name with a slash is a path already.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function findProgram(name, env) {
  const candidates = name.includes('/')
    ? [name]
    : (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder || '.', name));
  return candidates.find(isProgram);
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
