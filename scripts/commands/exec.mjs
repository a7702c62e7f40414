import { runInForeground } from '../setup/program.mjs';
import { runSteps } from '../setup/runSteps.mjs';
import { testSteps, toolSteps } from '../setup/steps.mjs';

/**
 * `node scripts/main.cjs exec <program> <args>`: one of the project's programs, with the packages in place.
 * @param {import('../machine.mjs').Machine} machine
 * @param {string[]} args
 */
export async function exec(machine, args) {
  return runAfter(toolSteps, machine, args);
}

/**
 * The same for programs that run the product, with everything that tests need in place.
 * @param {import('../machine.mjs').Machine} machine
 * @param {string[]} args
 */
export async function execTests(machine, args) {
  return runAfter(testSteps, machine, args);
}

/**
 * @param {import('../setup/runSteps.mjs').Step[]} steps
 * @param {import('../machine.mjs').Machine} machine
 * @param {string[]} args
 */
async function runAfter(steps, machine, [program, ...args]) {
  if (!program) {
    console.error('Name a program, for example "exec vitest run".');
    return 2;
  }
  await runSteps(steps, machine);
  return runInForeground(program, args, { cwd: machine.root, env: machine.env });
}
