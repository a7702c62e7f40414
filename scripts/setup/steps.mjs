import { chromiumStep } from './chromium.mjs';
import { clientStep } from './client.mjs';
import { ffmpegStep } from './ffmpeg.mjs';
import { gstreamerStep } from './gstreamer.mjs';
import { mediasoupWorkerStep } from './mediasoupWorker.mjs';
import { nodeStep } from './node.mjs';
import { packagesStep } from './packages.mjs';

/** What the linter, the compiler and the like need. */
export const toolSteps = [nodeStep, packagesStep];

/** What running needs, in the order in which one builds on the other. */
export const startSteps = [...toolSteps, ffmpegStep, mediasoupWorkerStep, clientStep];

/** What working with hot reload needs: the pages are built as they are asked for. */
export const devSteps = [...toolSteps, ffmpegStep, mediasoupWorkerStep];

/** What is built into a container image; its ffmpeg is installed in its last stage. */
export const imageSteps = [...toolSteps, mediasoupWorkerStep, clientStep];

/** What the tests need. */
export const testSteps = [...startSteps, chromiumStep, gstreamerStep];
