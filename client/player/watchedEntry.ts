import { io, type Socket } from 'socket.io-client';
import type { Entry, VideoEntry } from '../../shared/model/entry.ts';
import type { EntryState } from '../../shared/model/state.ts';
import { retryDelayMs } from './playerState.ts';
import type { ClientEvents, ServerEvents } from '../../shared/events/events.ts';

const pollIntervalMs = 5000;

/**
 * Keeps up with an entry's state: told over socket.io, asked for by polling while that connection is down.
 * `onState` is called with each state that differs from the last, `onReplaced` when a video's media are others now.
 */
export class WatchedEntry {
  readonly #entryId: string;
  readonly #onState: (state: EntryState) => void;
  readonly #socket: Socket<ServerEvents, ClientEvents>;
  #poll: ReturnType<typeof setInterval> | undefined;
  #state: EntryState | undefined;

  constructor(entryId: string, onState: (state: EntryState) => void, onReplaced: () => void = () => undefined) {
    this.#entryId = entryId;
    this.#onState = onState;
    this.#socket = io({ transports: ['websocket', 'polling'], withCredentials: false });
    this.#socket.on('connect', () => {
      clearInterval(this.#poll);
      this.#socket.emit('watch', { entryId });
    });
    this.#socket.on('disconnect', () => this.#startPolling());
    this.#socket.on('connect_error', () => this.#startPolling());
    this.#socket.on('state', (event) => {
      if (event.entryId === entryId) this.#take(event.state);
    });
    this.#socket.on('mediaReplaced', (event) => {
      if (event.entryId === entryId) onReplaced();
    });
  }

  close(): void {
    clearInterval(this.#poll);
    this.#socket.disconnect();
  }

  #startPolling(): void {
    clearInterval(this.#poll);
    this.#poll = setInterval(() => {
      fetchEntry(this.#entryId).then(
        (entry) => entry?.type === 'live' && this.#take(entry.state),
        () => undefined,
      );
    }, pollIntervalMs);
  }

  #take(state: EntryState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onState(state);
  }
}

/** The entry as everybody may see it; undefined when there is none. Rejects when the server cannot be reached. */
async function fetchEntry(entryId: string): Promise<Entry | undefined> {
  const response = await fetch(`/api/v1/entries/${encodeURIComponent(entryId)}`, { credentials: 'omit' });
  if (response.status === 404 || response.status === 400) return undefined;
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return (await response.json()) as Entry;
}

const processingPollMs = 3000;

/** Waits for a video that is being made; undefined when it is deleted meanwhile, or nobody waits any more. */
export async function untilMade(video: VideoEntry, isOver: () => boolean): Promise<VideoEntry | undefined> {
  let entry: Entry | undefined = video;
  while (entry?.type === 'video' && entry.status === 'processing') {
    await new Promise((resolve) => setTimeout(resolve, processingPollMs));
    if (isOver()) return undefined;
    entry = await fetchEntryPatiently(video.id);
  }
  return entry?.type === 'video' ? entry : undefined;
}

/** The same, trying again while the server cannot be reached. */
export async function fetchEntryPatiently(entryId: string): Promise<Entry | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetchEntry(entryId);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs(attempt)));
    }
  }
}
