import { ApiError, errorMessage } from '../../api/apiError.ts';
import {
  backOffMs,
  connectPatienceMs,
  disconnectedPatienceMs,
  isWorthRetrying,
  reconnectPatienceMs,
} from './publishRules.ts';
import type { WhipOptions, WhipSession } from './whipSession.ts';

export type PublishState =
  | { readonly phase: 'off' }
  | { readonly phase: 'connecting' }
  | { readonly phase: 'onAir'; readonly sinceMs: number }
  | { readonly phase: 'reconnecting'; readonly sinceMs: number; readonly attempt: number; readonly reason: string }
  | { readonly phase: 'failed'; readonly reason: string };

/** Where to, as whom, and what. */
export type PublishTarget = Pick<WhipOptions, 'url' | 'token' | 'video' | 'audio' | 'maxBitrateBps'>;

export interface PublisherOptions {
  open(options: WhipOptions): Promise<WhipSession>;
  now?: () => number;
  random?: () => number;
}

const noMediaPath =
  'The server answered, but no media reaches it. A firewall may block its WebRTC port (UDP or TCP), or ANNOUNCED_ADDRESS on the server is not an address that this machine reaches.';

/** Keeps one publication going: connects, notices losses, connects again with growing pauses, ends. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #listeners = new Set<() => void>();
  #state: PublishState = { phase: 'off' };
  #target: PublishTarget | null = null;
  #session: WhipSession | null = null;
  /** Aborted when what is under way (an attempt, or waiting for one) is no longer wanted. */
  #attempt = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lostAtMs = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? Math.random;
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly getState = () => this.#state;

  get session(): WhipSession | null {
    return this.#session;
  }

  /** What to send from now on; a running session goes on with the new tracks. Null: nothing to begin with. */
  setTarget(target: PublishTarget | null): void {
    const before = this.#target;
    this.#target = target;
    if (!target) return;
    // A track that a session cannot take up is sent by the next one.
    if (target.video !== before?.video) void this.#session?.replace(target.video).catch(() => undefined);
    if (target.audio && target.audio !== before?.audio)
      void this.#session?.replace(target.audio).catch(() => undefined);
  }

  start(): void {
    if (this.#state.phase !== 'off' && this.#state.phase !== 'failed') return;
    this.#set({ phase: 'connecting' });
    void this.#connect();
  }

  /** Off air at once, whatever was under way; resolves when the server knows. Idempotent, never rejects. */
  stop(): Promise<void> {
    const told = this.#drop();
    this.#set({ phase: 'off' });
    return told;
  }

  /** The network is back: do not wait out the pause. */
  retryNow(): void {
    if (this.#state.phase === 'reconnecting' && this.#timer !== undefined && !this.#session) void this.#connect();
  }

  async #connect(): Promise<void> {
    void this.#drop();
    const attempt = this.#attempt;
    const target = this.#target;
    if (!target) return this.#lose(new Error('There is no picture to send. Choose a camera, or share your screen.'));
    try {
      const opened = await this.#options.open({
        ...target,
        signal: attempt.signal,
        onConnectionState: (state) => {
          if (!attempt.signal.aborted) this.#onConnectionState(state);
        },
      });
      if (attempt.signal.aborted) return await opened.close();
      this.#session = opened;
      this.#catchUp(target);
      if (this.#state.phase !== 'onAir') this.#after(connectPatienceMs, () => this.#lose(new Error(noMediaPath)));
    } catch (error) {
      if (!attempt.signal.aborted) this.#lose(error);
    }
  }

  /** Tracks may have been changed while the session was being opened. */
  #catchUp(opened: PublishTarget): void {
    const target = this.#target;
    this.#target = opened;
    this.setTarget(target);
  }

  #onConnectionState(state: RTCPeerConnectionState): void {
    if (state === 'connected') {
      clearTimeout(this.#timer);
      const sinceMs = 'sinceMs' in this.#state ? this.#state.sinceMs : this.#now();
      this.#set({ phase: 'onAir', sinceMs });
    } else if (state === 'disconnected' && this.#state.phase === 'onAir')
      this.#after(disconnectedPatienceMs, () => this.#lose(new Error('The connection to the server was lost.')));
    else if (state === 'failed')
      this.#lose(new Error(this.#state.phase === 'onAir' ? 'The connection to the server was lost.' : noMediaPath));
  }

  /** An attempt came to nothing, or the connection is gone: again later, or not at all. */
  #lose(error: unknown): void {
    const before = this.#state;
    void this.#drop();
    const reason = errorMessage(error);
    if (!('sinceMs' in before) || !isWorthRetrying(error)) return this.#set({ phase: 'failed', reason });
    if (before.phase === 'onAir') this.#lostAtMs = this.#now();
    if (this.#now() - this.#lostAtMs > reconnectPatienceMs)
      return this.#set({
        phase: 'failed',
        reason: 'The connection was away for more than five minutes. Go live again when you are ready.',
      });
    const attempt = before.phase === 'reconnecting' ? before.attempt + 1 : 1;
    this.#set({ phase: 'reconnecting', sinceMs: before.sinceMs, attempt, reason });
    this.#after(backOffMs(attempt, this.#random), () => void this.#connect());
  }

  #after(delayMs: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      then();
    }, delayMs);
  }

  #drop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#attempt.abort(new ApiError('aborted', 'Not wanted any more.', 0));
    this.#attempt = new AbortController();
    const closed = this.#session?.close();
    this.#session = null;
    return closed ?? Promise.resolve();
  }

  #set(state: PublishState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
