import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { refuse } from '../errors.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import type { Answer } from './packager.ts';
import { TimelinePart } from './timelinePart.ts';

/** Segments that are taken over in one step: two hours of DVR, 15 ms in which nothing else is answered. */
export const segmentsAtOnce = 4000;

/** There are as many parts of timelines as viewers can think of. */
const mostPartsWaiting = 16;

class Queue {
  waiting = 0;
  #last: Promise<void> = Promise.resolve();

  /** Begins when what was here before has ended. */
  async add(work: () => Promise<void>): Promise<void> {
    this.waiting++;
    const done = this.#last.then(work).finally(() => this.waiting--);
    this.#last = done.catch(() => {});
    await done;
  }
}

/**
 * What has to be done before the first manifest of many hours can be made: a step at a time, with others' turns in between,
 * and one such manifest after the other, so that memory holds one that is half made and not as many as are asked for. Those of
 * parts of timelines do not make those of whole ones wait.
 */
export class LongWork {
  readonly #wholes = new Queue();
  readonly #parts = new Queue();

  /** The answer once all steps are done: at once where the first one was all. `step` says whether there are more. */
  before<T>(timeline: TimelineReader, step: () => boolean, answer: () => Answer<T>): Answer<T> {
    if (!step()) return answer();
    const isPart = timeline instanceof TimelinePart;
    if (isPart && this.#parts.waiting >= mostPartsWaiting) return refuse('overloaded');
    const queue = isPart ? this.#parts : this.#wholes;
    return queue
      .add(async () => {
        do await yieldToOthers();
        while (step());
      })
      .then(answer);
  }
}
