import type { TimelineReader } from '../segments/timelineReader.ts';

/** How long is waited for something, and who gives up earlier. */
export interface Patience {
  readonly withinMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits until something is there, looking whenever the timeline has grown: true then, false when time is up or nobody
 * waits any more. `isThere` is asked in the middle of others' work and has to be quick.
 */
export function whenGrown(
  timeline: Pick<TimelineReader, 'onGrown'>,
  isThere: () => boolean,
  { withinMs, signal }: Patience,
): Promise<boolean> {
  if (isThere()) return Promise.resolve(true);
  if (signal?.aborted || withinMs <= 0) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      stopListening();
      signal?.removeEventListener('abort', giveUp);
    };
    const giveUp = () => {
      stop();
      resolve(false);
    };
    const look = () => {
      try {
        if (!isThere()) return;
        stop();
        resolve(true);
      } catch (error) {
        stop();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const timer = setTimeout(giveUp, withinMs).unref();
    const stopListening = timeline.onGrown(look);
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}

/** A segment or part that is late by more is not waited for: the broadcast is interrupted (RFC 8216bis 6.2.5.2). */
export function longestWaitMs({ targetDurationSeconds }: Pick<TimelineReader, 'targetDurationSeconds'>): number {
  return 3000 * Math.max(1, targetDurationSeconds);
}
