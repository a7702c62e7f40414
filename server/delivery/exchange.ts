import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../log.ts';

/** A request being answered. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** A reader that takes nothing for this long is cut off. */
  readonly stallTimeoutMs: number;
  readonly log: Logger;
}

export function cutOffWhenStalled({ response, stallTimeoutMs }: Exchange): void {
  response.setTimeout(stallTimeoutMs, () => response.destroy());
}

/** Aborted when the client has gone, or has its answer. */
export function untilAnswered({ response }: Pick<Exchange, 'response'>): AbortSignal {
  const answered = new AbortController();
  if (response.destroyed) answered.abort();
  else response.once('close', () => answered.abort());
  return answered.signal;
}
