import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { installPackages } from './apt.mjs';
import { readSetting } from './envFile.mjs';
import { SetupError } from './setupError.mjs';
import { findVersion, isAtLeast } from './version.mjs';

const wanted = '5.1';
const purpose = `ffmpeg ${wanted} or newer is needed`;
const otherwise = 'install it and set FFMPEG_PATH and FFPROBE_PATH to it';

/**
 * ffmpeg and ffprobe, as the server will find them.
 * @type {import('./runSteps.mjs').Step}
 */
export const ffmpegStep = {
  title: 'ffmpeg',
  async ready(machine) {
    const versions = await Promise.all([
      version(machine, 'FFMPEG_PATH', 'ffmpeg'),
      version(machine, 'FFPROBE_PATH', 'ffprobe'),
    ]);
    return versions.every(isNewEnough) ? versions[0] : undefined;
  },
  async work(machine, progress) {
    for (const name of ['FFMPEG_PATH', 'FFPROBE_PATH']) {
      const path = readSetting(machine, name);
      if (path)
        throw new SetupError(
          `${purpose}: ${name} names ${path}, which is older or does not run; mend or remove the setting.`,
        );
    }
    await installPackages(machine, ['ffmpeg'], { purpose, otherwise, progress });
    if ((await this.ready(machine)) === undefined)
      throw new SetupError(`${purpose}, and the system's is older: ${otherwise}.`);
  },
};

/**
 * @param {string | undefined} found `N-12345-…` is a build of the day, without a number.
 */
function isNewEnough(found) {
  return found !== undefined && (/^N-\d/.test(found) || isAtLeast(findVersion(found), wanted));
}

/**
 * @param {import('../machine.mjs').Machine} machine
 * @param {string} setting
 * @param {string} program
 * @returns {Promise<string | undefined>} Such as `5.1.9-0+deb12u1`.
 */
async function version(machine, setting, program) {
  try {
    const { stdout } = await promisify(execFile)(readSetting(machine, setting) ?? program, ['-version'], {
      env: machine.env,
      timeout: 20_000,
    });
    return /version (\S+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
