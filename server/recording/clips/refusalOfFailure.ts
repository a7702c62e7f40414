import { refuse, RefusedError, type Refusal } from '../../errors.ts';
import { isMissingFile } from '../../missingFile.ts';
import { FfmpegTaskError } from '../../transcode/ffmpegTask.ts';

/** What those hear who asked for a cut that has failed. */
export function refusalOfFailure(error: unknown, signal: AbortSignal): Refusal {
  if (signal.aborted && signal.reason instanceof RefusedError) return signal.reason.refusal;
  // The store's way to say that what it is asked for is not there any more; and the disk's.
  if (error instanceof RefusedError || isMissingFile(error)) return refuse('clipSourceGone');
  if (error instanceof FfmpegTaskError && (error.failure === 'overloaded' || error.failure === 'closed'))
    return refuse('overloaded');
  return refuse('clipFailed');
}
