import { ApiError } from '../../api/apiError.ts';

/** Networks change hands in a second or two; only what lasts longer is a loss. */
export const disconnectedPatienceMs = 4000;
/** From the server's answer to the first media. */
export const connectPatienceMs = 15_000;
/** After this long without a connection nobody expects to be on air by surprise, say when a laptop is opened again. */
export const reconnectPatienceMs = 300_000;

/** How long to wait before attempt 1, 2, 3 …: 0.5 s doubling to 8 s, spread so that many do not return at once. */
export function backOffMs(attempt: number, random: () => number): number {
  const longest = Math.min(8000, 500 * 2 ** (attempt - 1));
  return Math.round(longest * (0.75 + 0.25 * random()));
}

/** Whether trying again can help a publisher that was on air: not when the server knows it and says no. */
export function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof ApiError)) return true;
  if (error.status === 0 || error.status >= 500 || error.status === 429) return true;
  // Our own former session, until the server has noticed that it is gone.
  return error.code === 'alreadyBroadcasting';
}
