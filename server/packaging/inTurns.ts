import { setImmediate as yieldToOthers } from 'node:timers/promises';

/** Segments that are taken over in one step: two hours of DVR, 15 ms in which nothing else is answered. */
export const segmentsAtOnce = 4000;

/**
 * Does work a step at a time, and lets others have their turns in between. `step` says whether there is more. Undefined
 * when the first step was all, as it is for everything but the first manifest of many hours.
 */
export function inTurns(step: () => boolean): Promise<void> | undefined {
  if (!step()) return undefined;
  return (async () => {
    do await yieldToOthers();
    while (step());
  })();
}
