import { installPackages } from './apt.mjs';
import { findProgram } from './program.mjs';
import { SetupError } from './setupError.mjs';

const purpose = 'The browser tests need Chromium';
const otherwise = 'install Chromium or Chrome and set CHROMIUM_PATH to it';

/**
 * The browser that the tests drive.
 * @param {NodeJS.ProcessEnv} env
 */
export function findChromium(env) {
  if (env['CHROMIUM_PATH']) return findProgram(env['CHROMIUM_PATH'], env);
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  return names.map((name) => findProgram(name, env)).find((path) => path !== undefined);
}

/** @type {import('./runSteps.mjs').Step} */
export const chromiumStep = {
  title: 'Chromium',
  async ready(machine) {
    const path = findChromium(machine.env);
    if (path) machine.env['CHROMIUM_PATH'] = path;
    return path;
  },
  async work(machine, progress) {
    if (machine.env['CHROMIUM_PATH'])
      throw new SetupError(`${purpose}: CHROMIUM_PATH is ${machine.env['CHROMIUM_PATH']}, which is not a program.`);
    await installPackages(machine, ['chromium', 'fonts-dejavu-core'], { purpose, otherwise, progress });
    if ((await this.ready(machine)) === undefined) throw new SetupError(`${purpose}: ${otherwise}.`);
  },
};
