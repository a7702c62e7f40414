import { runSteps } from '../setup/runSteps.mjs';
import { startSteps, testSteps } from '../setup/steps.mjs';

/**
 * `npm run setup [-- --tests]`: the set-up alone.
 * @param {import('../machine.mjs').Machine} machine
 * @param {string[]} args
 */
export async function setup(machine, args) {
  await runSteps(args.includes('--tests') ? testSteps : startSteps, machine);
  return 0;
}
