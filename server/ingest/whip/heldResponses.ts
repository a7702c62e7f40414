import type { ServerResponse } from 'node:http';
import { heldRefusal } from '../heldRefusal.ts';
import type { PublishRefusal } from '../publishGate.ts';

const defaultMost = 500;

/** Answers that wait for their turn: so many at once; beyond that, the oldest is dropped without a word. */
export class HeldResponses {
  readonly #most: number;
  readonly #held = new Set<ServerResponse>();

  constructor(most = defaultMost) {
    this.#most = most;
  }

  /** Settles when the refusal may be sent, or nobody is there any more. */
  async hold(response: ServerResponse, refusal: PublishRefusal): Promise<void> {
    if (!refusal.heldMs || response.destroyed) return;
    const [oldest] = this.#held;
    if (this.#held.size >= this.#most) oldest?.destroy();
    const gone = new AbortController();
    const leave = (): void => {
      this.#held.delete(response);
      gone.abort();
    };
    this.#held.add(response);
    response.once('close', leave);
    await heldRefusal(refusal, gone.signal);
    response.off('close', leave);
    this.#held.delete(response);
  }
}
