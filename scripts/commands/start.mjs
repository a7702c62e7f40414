import { runInForeground } from '../setup/program.mjs';
import { runSteps } from '../setup/runSteps.mjs';
import { startSteps } from '../setup/steps.mjs';

/**
 * `npm start`: set-up, then the server until it ends.
 * @param {import('../machine.mjs').Machine} machine
 */
export async function start(machine) {
  await runSteps(startSteps, machine);
  return runInForeground(machine.nodePath, ['server/main.ts'], { cwd: machine.root, env: machine.env });
}
