import { hash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Closable } from '../../lifecycle.ts';
import type { Logger } from '../../log.ts';
import { isMissingFile } from '../../missingFile.ts';

interface KeptFile {
  readonly bytes: number;
}

/** What was made once and can be made again, on disk: a folder for each entry, and a bound for all of them together. */
export class PictureFiles implements Closable {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #log: Logger;
  /** By entry and name; longest unused first. */
  readonly #kept = new Map<string, KeptFile>();
  readonly #writing = new Set<Promise<void>>();
  /** Deleted while something was being made for them. Ids are never used again. */
  readonly #forgotten = new Set<string>();
  readonly #counted: Promise<void>;
  #isCounted = false;
  #bytes = 0;
  #closed = false;

  constructor({ directory, maxBytes, log }: { directory: string; maxBytes: number; log: Logger }) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    this.#log = log;
    this.#counted = this.#count();
  }

  /** Of all files, as far as they have been counted since the start. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A name for what a key stands for, fit for a file. */
  static nameOf(key: string, suffix: string): string {
    return `${hash('sha256', key).slice(0, 32)}.${suffix}`;
  }

  async read(entryId: string, name: string): Promise<Buffer | undefined> {
    if (this.#isCounted && !this.#kept.has(`${entryId}/${name}`)) return undefined;
    try {
      const bytes = await readFile(join(this.#directory, entryId, name));
      this.#keep(entryId, name, bytes.length);
      return bytes;
    } catch (error) {
      if (!isMissingFile(error)) this.#log.warn({ err: error, entryId, name }, 'a stored picture cannot be read');
      return undefined;
    }
  }

  /** In the background: whoever asked has the bytes. A disk that is full costs the next one the making, no more. */
  write(entryId: string, name: string, bytes: Uint8Array): void {
    if (this.#closed || this.#forgotten.has(entryId)) return;
    const writing = this.#write(entryId, name, bytes).catch((error: unknown) => {
      this.#log.warn({ err: error, entryId, name }, 'a picture cannot be stored');
    });
    this.#writing.add(writing);
    void writing.finally(() => this.#writing.delete(writing));
  }

  /** The entry is gone, and so are its pictures. */
  async forget(entryId: string): Promise<void> {
    this.#forgotten.add(entryId);
    await Promise.allSettled(this.#writing);
    for (const [key, { bytes }] of this.#kept) {
      if (!key.startsWith(`${entryId}/`)) continue;
      this.#kept.delete(key);
      this.#bytes -= bytes;
    }
    await rm(join(this.#directory, entryId), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#counted;
    await Promise.allSettled(this.#writing);
  }

  async #write(entryId: string, name: string, bytes: Uint8Array): Promise<void> {
    // Counting removes what an earlier run has not finished.
    await this.#counted;
    const folder = join(this.#directory, entryId);
    await mkdir(folder, { recursive: true });
    // Renamed when whole: a reader never sees half a picture, not even after a crash.
    const partial = join(this.#directory, `${randomUUID()}.partial`);
    try {
      await writeFile(partial, bytes);
      await rename(partial, join(folder, name));
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    this.#keep(entryId, name, bytes.length);
    await this.#evict();
  }

  #keep(entryId: string, name: string, bytes: number): void {
    const key = `${entryId}/${name}`;
    this.#bytes += bytes - (this.#kept.get(key)?.bytes ?? 0);
    this.#kept.delete(key);
    this.#kept.set(key, { bytes });
  }

  async #evict(): Promise<void> {
    for (const [key, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#kept.delete(key);
      this.#bytes -= bytes;
      await rm(join(this.#directory, key), { force: true });
    }
  }

  /** What an earlier run has left, the longest unread first as far as the file system knows. */
  async #count(): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true });
      const found: { entryId: string; name: string; bytes: number; usedMs: number }[] = [];
      for (const folder of await readdir(this.#directory, { withFileTypes: true })) {
        if (this.#closed) return;
        const path = join(this.#directory, folder.name);
        if (!folder.isDirectory()) await rm(path, { force: true });
        else {
          for (const name of await readdir(path)) {
            const { size, mtimeMs } = await stat(join(path, name));
            found.push({ entryId: folder.name, name, bytes: size, usedMs: mtimeMs });
          }
        }
      }
      this.#keepOlder(found.toSorted((a, b) => a.usedMs - b.usedMs));
      this.#isCounted = true;
      await this.#evict();
    } catch (error) {
      this.#log.warn({ err: error }, 'stored pictures cannot be counted');
    }
  }

  /** Before those that have been used since the start. */
  #keepOlder(found: readonly { entryId: string; name: string; bytes: number }[]): void {
    const used = [...this.#kept];
    this.#kept.clear();
    this.#bytes = 0;
    for (const { entryId, name, bytes } of found) if (!this.#forgotten.has(entryId)) this.#keep(entryId, name, bytes);
    for (const [key, { bytes }] of used) {
      const [entryId = '', name = ''] = key.split('/');
      this.#keep(entryId, name, bytes);
    }
  }
}
