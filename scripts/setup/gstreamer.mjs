import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { installPackages } from './apt.mjs';
import { SetupError } from './setupError.mjs';

const purpose = 'The ingest tests need GStreamer 1.22 or newer, as an encoder that is not ours';
const otherwise = 'install gst-launch-1.0 with its base, good, bad, ugly, libav and RTSP plug-ins';
const elements = ['videotestsrc', 'flvmux', 'rtmp2sink', 'rtspclientsink', 'x264enc', 'avenc_aac', 'zbar'];
const packages = [
  'gstreamer1.0-tools',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-ugly',
  'gstreamer1.0-libav',
  'gstreamer1.0-rtsp',
];

/** @type {import('./runSteps.mjs').Step} */
export const gstreamerStep = {
  title: 'GStreamer',
  async ready({ env }) {
    const inspect = (/** @type {string} */ element) =>
      promisify(execFile)('gst-inspect-1.0', ['--exists', element], { env, timeout: 60_000 });
    try {
      // One after the other: the first call may have to write the registry.
      for (const element of elements) await inspect(element);
      return `with ${elements.join(', ')}`;
    } catch {
      return undefined;
    }
  },
  async work(machine, progress) {
    await installPackages(machine, packages, { purpose, otherwise, progress });
    if ((await this.ready(machine)) === undefined) throw new SetupError(`${purpose}: ${otherwise}.`);
  },
};
