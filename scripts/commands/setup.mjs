import { runSteps } from '../setup/runSteps.mjs';
import { imageSteps, startSteps, testSteps } from '../setup/steps.mjs';

/**
 * `npm run setup`: the set-up alone; with `--tests` also what tests need, with `--image` what a container image needs.
 * @param {import('../machine.mjs').Machine} machine
 * @param {string[]} args
 */
export async function setup(machine, [kind]) {
  /** @type {Record<string, import('../setup/runSteps.mjs').Step[]>} */
  const kinds = { '': startSteps, '--tests': testSteps, '--image': imageSteps };
  const steps = kinds[kind ?? ''];
  if (!steps) {
    console.error('setup: the options are --tests and --image.');
    return 2;
  }
  await runSteps(steps, machine);
  return 0;
}
