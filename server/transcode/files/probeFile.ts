import { execFile } from 'node:child_process';
import { isRefusal, refuse, type Refusal } from '../../errors.ts';
import { describeFile } from './describeFile.ts';
import { foreignFileArgs } from './inputLimits.ts';
import { canBeCopied } from './keyFrames.ts';
import type { MediaFile } from './mediaFile.ts';
import { probeOutputSchema } from './probeOutput.ts';

const deadlineMs = 60_000;
const maxOutputBytes = 16e6;
/** What is looked at to tell whether the picture can be kept as it is. */
const watchedSeconds = 40;

/** What is in a file of a stranger. Rejects with the signal's reason, and when ffprobe cannot be run. */
export async function probeFile(ffprobePath: string, path: string, signal?: AbortSignal): Promise<MediaFile | Refusal> {
  const run = (...args: readonly string[]) =>
    runProbe(ffprobePath, ['-v', 'error', ...foreignFileArgs, ...args, `file:${path}`], signal);
  const text = await run('-show_format', '-show_streams', '-of', 'json');
  const probed = text === undefined ? undefined : probeOutputSchema.safeParse(JSON.parse(text));
  if (!probed?.success) return refuse('uploadUnreadable');
  const file = describeFile(path, probed.data);
  if (isRefusal(file) || !file.video?.playable) return file;
  const frames = await run(
    '-select_streams',
    'V:0',
    '-read_intervals',
    `%+${watchedSeconds}`,
    '-show_entries',
    'packet=pts_time,flags',
    '-of',
    'csv=p=0',
  );
  const playable = frames !== undefined && canBeCopied(frames.split('\n').filter(Boolean));
  return { ...file, video: { ...file.video, playable } };
}

/** Undefined when it cannot make sense of the file within its time. */
async function runProbe(
  ffprobePath: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  signal?.throwIfAborted();
  return await new Promise((resolve, reject) => {
    const options = { timeout: deadlineMs, maxBuffer: maxOutputBytes, killSignal: 'SIGKILL', signal } as const;
    const child = execFile(ffprobePath, [...args], options, (error, stdout) => {
      if (signal?.aborted) reject(signal.reason as Error);
      else if (!error) resolve(stdout);
      // Without a process it did not start, which is no fault of the file's.
      else if (child.pid === undefined) reject(new Error(`ffprobe did not start: ${error.message}`));
      else resolve(undefined);
    });
  });
}
