import { runInForeground } from '../setup/program.mjs';
import { runSteps } from '../setup/runSteps.mjs';
import { testSteps } from '../setup/steps.mjs';

/**
 * `node scripts/main.cjs exec <program> <args>`: one of the project's programs, with everything it may need in place.
 * @param {import('../machine.mjs').Machine} machine
 * @param {string[]} args
 */
export async function exec(machine, [program, ...args]) {
  if (!program) {
    console.error('exec: name a program, for example "exec vitest run".');
    return 2;
  }
  await runSteps(testSteps, machine);
  return runInForeground(program, args, { cwd: machine.root, env: machine.env });
}
