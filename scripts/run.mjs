import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dev } from './commands/dev.mjs';
import { exec, execTests } from './commands/exec.mjs';
import { setup } from './commands/setup.mjs';
import { start } from './commands/start.mjs';
import { test } from './commands/test.mjs';
import { createMachine } from './machine.mjs';
import { Interruption } from './setup/program.mjs';
import { SetupError } from './setup/setupError.mjs';

/** @type {Record<string, (machine: import('./machine.mjs').Machine, args: string[]) => Promise<number>>} */
const commands = { start, test, dev, setup, exec, 'exec-tests': execTests };

/**
 * Runs a command and ends the process with its exit code.
 * @param {string[]} args
 */
export async function run([name = '', ...args]) {
  const command = commands[name];
  if (!command) {
    console.error(`Commands: ${Object.keys(commands).join(', ')}.`);
    process.exit(2);
  }
  const machine = createMachine(dirname(dirname(fileURLToPath(import.meta.url))));
  try {
    process.exitCode = await command(machine, args);
  } catch (error) {
    if (error instanceof Interruption) {
      process.exitCode = error.exitCode;
    } else if (error instanceof SetupError) {
      console.error(`\n${error.message}`);
      process.exitCode = 1;
    } else {
      throw error;
    }
  }
}
