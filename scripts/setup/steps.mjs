import { chromiumStep } from './chromium.mjs';
import { clientStep } from './client.mjs';
import { ffmpegStep } from './ffmpeg.mjs';
import { gstreamerStep } from './gstreamer.mjs';
import { mediasoupWorkerStep } from './mediasoupWorker.mjs';
import { nodeStep } from './node.mjs';
import { packagesStep } from './packages.mjs';

/** What running needs, in the order in which one builds on the other. */
export const startSteps = [nodeStep, packagesStep, ffmpegStep, mediasoupWorkerStep, clientStep];

/** What working with hot reload needs: the pages are built as they are asked for. */
export const devSteps = [nodeStep, packagesStep, ffmpegStep, mediasoupWorkerStep];

/** What the tests need. */
export const testSteps = [...startSteps, chromiumStep, gstreamerStep];
