import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../log.ts';
import { isMissingFile } from '../../missingFile.ts';

const fileName = /^(0_[a-z0-9]{8})\.(\d{1,16})\.jpg$/;

/** The pictures producers have chosen for their entries: one file each, with its version in the name. */
export class Posters {
  readonly #directory: string;
  readonly #now: () => number;
  /** By entry; the highest is the one that counts. */
  readonly #versions = new Map<string, number>();

  private constructor(directory: string, now: () => number) {
    this.#directory = directory;
    this.#now = now;
  }

  static async open({ directory, now, log }: { directory: string; now: () => number; log: Logger }): Promise<Posters> {
    const posters = new Posters(directory, now);
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(directory)) await posters.#find(name, log);
    return posters;
  }

  /** Undefined where none was chosen. */
  version(entryId: string): string | undefined {
    return this.#versions.get(entryId)?.toString();
  }

  /** Undefined when it has been taken back meanwhile. */
  async read(entryId: string): Promise<Buffer | undefined> {
    const version = this.#versions.get(entryId);
    if (version === undefined) return undefined;
    try {
      return await readFile(this.#path(entryId, version));
    } catch (error) {
      if (isMissingFile(error)) return undefined;
      throw error;
    }
  }

  /** A JPEG of our own making. The one before is gone once this one is safe on disk. */
  async set(entryId: string, jpeg: Uint8Array): Promise<void> {
    const before = this.#versions.get(entryId);
    const version = Math.max(this.#now(), (before ?? 0) + 1);
    const partial = join(this.#directory, `${randomUUID()}.partial`);
    try {
      await writeDurably(partial, jpeg);
      await rename(partial, this.#path(entryId, version));
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    this.#versions.set(entryId, Math.max(version, this.#versions.get(entryId) ?? 0));
    if (before !== undefined) await rm(this.#path(entryId, before), { force: true });
  }

  /** Idempotent. */
  async remove(entryId: string): Promise<void> {
    const version = this.#versions.get(entryId);
    if (version === undefined) return;
    this.#versions.delete(entryId);
    await rm(this.#path(entryId, version), { force: true });
  }

  async #find(name: string, log: Logger): Promise<void> {
    const [, entryId, digits] = fileName.exec(name) ?? [];
    if (entryId === undefined) {
      if (name.endsWith('.partial')) await rm(join(this.#directory, name), { force: true });
      else log.warn({ name }, 'not a poster');
      return;
    }
    const version = Number(digits);
    const other = this.#versions.get(entryId);
    this.#versions.set(entryId, Math.max(version, other ?? 0));
    // The server ended between the new one's coming and the old one's going.
    if (other !== undefined) await rm(this.#path(entryId, Math.min(version, other)), { force: true });
  }

  #path(entryId: string, version: number): string {
    return join(this.#directory, `${entryId}.${version}.jpg`);
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
