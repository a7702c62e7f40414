/**
 * npm run soak:kills [-- <kills> <seed>]
 *
 * The server is killed (SIGKILL) 20 times at random moments while it records an RTMP encoder that comes back each time.
 * Printed for each kill: the fragments that were whole on the disk, how many of them the recording lost (must be 0), the
 * fragments that were being written, and how much media had not come through ffmpeg yet. At the end ffmpeg decodes every
 * run of the recording and `npm run check-store` compares files and index; complaints of either are failures.
 */
import { killWhileRecording, type Kill } from '../drivers/recordingKills.ts';
import { readRuns } from '../drivers/readRuns.ts';
import { ServerUnderTest } from '../drivers/server.ts';

const count = Number(process.argv[2] ?? 20);
let seed = Number(process.argv[3] ?? 1);

/** The same moments for the same seed. */
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

const server = await ServerUnderTest.start();
try {
  const kills: Kill[] = [];
  const delaysMs = Array.from({ length: count }, () => Math.round(200 + random() * 6000));
  const recording = await killWhileRecording(server, delaysMs, (kill) => {
    kills.push(kill);
    console.log(`kill ${kills.length} after ${kill.afterMs} ms`);
  });
  console.table(
    kills.map(({ afterMs, fragmentsOnDisk, fragmentsKept, tornFragments, mediaLostMs }) => ({
      'after (ms)': afterMs,
      'whole on disk': fragmentsOnDisk,
      lost: fragmentsOnDisk - fragmentsKept,
      'being written': tornFragments,
      'not stored yet (ms)': Math.round(mediaLostMs),
    })),
  );
  const runs = await readRuns(recording.hls);
  const complaints = runs.map((run) => run.complaints).filter(Boolean);
  const frames = runs.reduce((sum, { videoFrames }) => sum + videoFrames, 0);
  console.log(`recording: ${runs.length} runs, ${frames} frames; ffmpeg says: ${complaints.join('; ') || 'nothing'}`);
  console.log(recording.checked);
  const lost = kills.some(({ fragmentsOnDisk, fragmentsKept }) => fragmentsKept !== fragmentsOnDisk);
  if (lost || complaints.length > 0 || recording.checkExitCode !== 0) process.exitCode = 1;
} finally {
  await server.stop();
}
