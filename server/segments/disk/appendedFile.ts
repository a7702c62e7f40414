import { open, type FileHandle } from 'node:fs/promises';

/** Buffers given to one `writev`. */
const buffersAtOnce = 256;

/**
 * A file written from its beginning to its end, in the order of the calls. Appending never waits: what is appended while a
 * write is under way is written by the next one, together and uncopied (so it must not be changed any more).
 */
export class AppendedFile {
  readonly #path: string;
  readonly #ready: Promise<unknown>;
  readonly #onReleased: (bytes: number) => void;
  readonly #onFailed: (error: unknown) => void;
  readonly #onWhole: (handle: FileHandle) => void;
  #queue: Uint8Array[] = [];
  #handle: FileHandle | undefined;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #discarded = false;

  /**
   * `ready`: its folder exists. `onReleased`: bytes that have left memory, written or given up. `onWhole`: everything is
   * written; closes the handle, and whatever is to be done before.
   */
  constructor(
    path: string,
    ready: Promise<unknown>,
    onReleased: (bytes: number) => void,
    onFailed: (error: unknown) => void,
    onWhole: (handle: FileHandle) => void,
  ) {
    this.#path = path;
    this.#ready = ready;
    this.#onReleased = onReleased;
    this.#onFailed = onFailed;
    this.#onWhole = onWhole;
  }

  append(bytes: Uint8Array): void {
    if (this.#discarded || this.#failure) {
      this.#onReleased(bytes.byteLength);
      return;
    }
    this.#queue.push(bytes);
    this.#writing ??= this.#write();
  }

  /** Resolves when everything is in the file; rejects when it is not. */
  async close(): Promise<void> {
    await this.#writing;
    if (this.#handle && !this.#failure) {
      this.#onWhole(this.#handle);
      this.#handle = undefined;
    }
    await this.#closeHandle();
    if (this.#failure) throw this.#failure.error;
  }

  /** Gives up what is queued. The file stays, as far as it was written. */
  async discard(): Promise<void> {
    this.#discarded = true;
    this.#release();
    await this.#writing;
    await this.#closeHandle();
  }

  async #write(): Promise<void> {
    try {
      await this.#ready;
      this.#handle ??= await open(this.#path, 'wx');
      while (this.#queue.length > 0) {
        const batch = this.#queue.splice(0, buffersAtOnce);
        try {
          await writeWhole(this.#handle, batch);
        } finally {
          this.#onReleased(totalBytes(batch));
        }
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#writing = undefined;
  }

  #fail(error: unknown): void {
    this.#release();
    if (this.#failure) return;
    this.#failure = { error };
    if (!this.#discarded) this.#onFailed(error);
  }

  #release(): void {
    const bytes = totalBytes(this.#queue);
    this.#queue = [];
    if (bytes > 0) this.#onReleased(bytes);
  }

  async #closeHandle(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    try {
      await handle?.close();
    } catch (error) {
      this.#fail(error);
    }
  }
}

/** Some file systems write less than they were given; a full one says so only when asked for the rest. */
async function writeWhole(handle: FileHandle, buffers: Uint8Array[]): Promise<void> {
  for (let rest = buffers; rest.length > 0;) {
    let { bytesWritten } = await handle.writev(rest);
    if (bytesWritten === 0) throw new Error('the file takes no more bytes');
    let whole = 0;
    while (whole < rest.length && bytesWritten >= rest[whole]!.byteLength) bytesWritten -= rest[whole++]!.byteLength;
    rest = rest.slice(whole);
    if (rest.length > 0) rest[0] = rest[0]!.subarray(bytesWritten);
  }
}

function totalBytes(buffers: readonly Uint8Array[]): number {
  let total = 0;
  for (const { byteLength } of buffers) total += byteLength;
  return total;
}
