import { TransferRate } from './transferRate.ts';
import { UploadTransfer, type TransferAbout } from './uploadTransfer.ts';

export type UploadState = 'waiting' | 'sending' | 'retrying' | 'paused' | 'done' | 'failed';

/** A file as the page shows it. */
export interface QueuedUpload {
  readonly id: number;
  readonly fileName: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly bytesPerSecond: number | undefined;
  readonly state: UploadState;
  /** What went wrong, for people. */
  readonly failure: string | null;
  /** Trying again may help. */
  readonly again: boolean;
  /** What it has become. */
  readonly entryId: string | null;
}

interface Held {
  readonly file: File;
  readonly about: TransferAbout;
  readonly rate: TransferRate;
  transfer: UploadTransfer | undefined;
}

/** The files that are being uploaded, one after the other, whichever page is open. */
export class UploadQueue {
  readonly #held = new Map<number, Held>();
  readonly #listeners = new Set<() => void>();
  #uploads: readonly QueuedUpload[] = [];
  #lastId = 0;

  get uploads(): readonly QueuedUpload[] {
    return this.#uploads;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(file: File, about: TransferAbout): void {
    const id = ++this.#lastId;
    this.#held.set(id, { file, about, rate: new TransferRate(), transfer: undefined });
    const begun = { sentBytes: 0, bytesPerSecond: undefined, failure: null, again: false, entryId: null };
    const upload = {
      id,
      fileName: file.name,
      name: about.name,
      sizeBytes: file.size,
      state: 'waiting',
      ...begun,
    } as const;
    this.#set([...this.#uploads, upload]);
    this.#startNext();
  }

  pause(id: number): void {
    this.#change(id, { state: 'paused', bytesPerSecond: undefined });
    this.#held.get(id)?.rate.reset();
    void this.#held.get(id)?.transfer?.pause();
    this.#startNext();
  }

  /** Goes on with one that is paused or has failed. */
  resume(id: number): void {
    this.#change(id, { state: 'waiting', failure: null });
    this.#startNext();
  }

  /** Takes it out of the list; what has not arrived never will. */
  remove(id: number): void {
    const upload = this.#uploads.find((one) => one.id === id);
    const transfer = this.#held.get(id)?.transfer;
    this.#held.delete(id);
    this.#set(this.#uploads.filter((one) => one.id !== id));
    // Should the server not hear of it, it forgets by itself after a while.
    if (upload?.state !== 'done') transfer?.cancel().catch(() => undefined);
    this.#startNext();
  }

  /** Nothing is sent any more; what has arrived stays there. */
  close(): void {
    for (const { transfer } of this.#held.values()) void transfer?.pause();
    this.#held.clear();
    this.#set([]);
  }

  #startNext(): void {
    if (this.#uploads.some(({ state }) => state === 'sending' || state === 'retrying')) return;
    const next = this.#uploads.find(({ state }) => state === 'waiting');
    if (next) void this.#start(next.id);
  }

  async #start(id: number): Promise<void> {
    const held = this.#held.get(id);
    if (!held) return;
    this.#change(id, { state: 'sending' });
    if (held.transfer) {
      held.transfer.resume();
      return;
    }
    try {
      held.transfer = await UploadTransfer.start(held.file, held.about, {
        onSent: (bytes) => this.#sent(id, bytes),
        onRetry: () => this.#retrying(id),
        onDone: (entryId) => this.#end(id, { state: 'done', sentBytes: held.file.size, entryId: entryId ?? null }),
        onFailed: ({ message, again, entryId = null }) =>
          this.#end(id, { state: 'failed', failure: message, again, entryId }),
      });
      const { state } = this.#uploads.find((upload) => upload.id === id) ?? {};
      // Paused or removed while it began.
      if (state === undefined) await held.transfer.cancel();
      else if (state === 'paused') await held.transfer.pause();
    } catch {
      const failure = 'This browser could not begin the upload. Load the page again.';
      this.#end(id, { state: 'failed', failure, again: true });
    }
  }

  #sent(id: number, sentBytes: number): void {
    const held = this.#held.get(id);
    const upload = this.#uploads.find((one) => one.id === id);
    if (!held || !upload || (upload.state !== 'sending' && upload.state !== 'retrying')) return;
    held.rate.sent(sentBytes, performance.now());
    this.#change(id, { state: 'sending', sentBytes, bytesPerSecond: held.rate.bytesPerSecond });
  }

  #retrying(id: number): void {
    this.#held.get(id)?.rate.reset();
    this.#change(id, { state: 'retrying', bytesPerSecond: undefined });
  }

  #end(id: number, change: Partial<QueuedUpload>): void {
    this.#held.get(id)?.rate.reset();
    this.#change(id, { bytesPerSecond: undefined, ...change });
    this.#startNext();
  }

  #change(id: number, change: Partial<QueuedUpload>): void {
    this.#set(this.#uploads.map((upload) => (upload.id === id ? { ...upload, ...change } : upload)));
  }

  #set(uploads: readonly QueuedUpload[]): void {
    this.#uploads = uploads;
    for (const listener of this.#listeners) listener();
  }
}
