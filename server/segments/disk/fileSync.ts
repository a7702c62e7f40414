import type { FileHandle } from 'node:fs/promises';

/** Of the four threads that do all file work: what is read and written goes first. */
const atOnce = 1;
/** Handles that may be held open; a disk that is slower than this is not waited for. */
const mostWaiting = 512;

export interface FileSyncOptions {
  /** The first failure of a run of them. */
  readonly onFailed: (error: unknown) => void;
  readonly sync?: (handle: FileHandle) => Promise<void>;
}

interface WaitingFile {
  readonly handle: FileHandle;
  readonly owner: string;
}

/**
 * Makes whole files survive a loss of power, behind everybody's back: published media are in the system's cache, and are on
 * the disk a moment later. Nobody waits for it but its close.
 */
export class FileSync {
  readonly #sync: (handle: FileHandle) => Promise<void>;
  readonly #onFailed: (error: unknown) => void;
  readonly #waiting: WaitingFile[] = [];
  /** Files on their way, by owner. */
  readonly #pending = new Map<string, number>();
  readonly #workers = new Set<Promise<void>>();
  #failing = false;

  constructor({ onFailed, sync = (handle) => handle.datasync() }: FileSyncOptions) {
    this.#onFailed = onFailed;
    this.#sync = sync;
  }

  /** Takes the handle over and closes it. */
  add(handle: FileHandle, owner: string): void {
    if (this.#waiting.length >= mostWaiting) {
      this.#fail(new Error('the disk is too slow: files are not made safe from a loss of power'));
      void handle.close().catch(() => {});
      return;
    }
    this.#waiting.push({ handle, owner });
    this.#pending.set(owner, (this.#pending.get(owner) ?? 0) + 1);
    if (this.#workers.size >= atOnce) return;
    const worker = this.#work().finally(() => this.#workers.delete(worker));
    this.#workers.add(worker);
  }

  /** Something of this owner's is not on the disk for good yet. */
  isPending(owner: string): boolean {
    return this.#pending.has(owner);
  }

  /** Resolves when all that was added is on the disk. Never rejects. */
  async close(): Promise<void> {
    await Promise.all(this.#workers);
  }

  async #work(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { handle, owner } = next;
      try {
        await this.#sync(handle);
        this.#failing = false;
      } catch (error) {
        this.#fail(error);
      }
      await handle.close().catch((error: unknown) => this.#fail(error));
      const left = (this.#pending.get(owner) ?? 1) - 1;
      if (left > 0) this.#pending.set(owner, left);
      else this.#pending.delete(owner);
    }
  }

  #fail(error: unknown): void {
    if (!this.#failing) this.#onFailed(error);
    this.#failing = true;
  }
}
