import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { Upload } from '@tus/server';
import { isMissingFile } from '../../missingFile.ts';
import type { KnownUpload, UploadRows } from './uploadRows.ts';

/** What a file's metadata has become when it is accepted; the names are those of the protocol's library. */
export interface AcceptedMetadata {
  readonly userId: string;
  readonly createdBy: string;
  readonly name: string;
  readonly profileId: string;
}

/** The files of uploads, named by the server, and what is known of them in the database. */
export class UploadFiles extends FileStore {
  readonly #rows: UploadRows;
  readonly #directory: string;

  private constructor(directory: string, rows: UploadRows, now: () => number) {
    super({
      directory,
      configstore: {
        get: async (id) => {
          const row = await rows.get(id);
          return row && toTusUpload(row);
        },
        set: async (id, upload) => {
          await rows.add({
            ...(upload.metadata as unknown as AcceptedMetadata),
            id,
            sizeBytes: upload.size ?? 0,
            createdAtMs: now(),
            entryId: null,
            doneAtMs: null,
          });
        },
        delete: async (id) => await rows.remove(id),
      },
    });
    // How long a file will be has to be known before: without that, nobody could say whether there is room for it.
    this.extensions = ['creation', 'creation-with-upload', 'termination'];
    this.#rows = rows;
    this.#directory = directory;
  }

  static async open(directory: string, rows: UploadRows, now: () => number): Promise<UploadFiles> {
    await mkdir(directory, { recursive: true });
    return new UploadFiles(directory, rows, now);
  }

  /** Of one that is done, everything is there, though its file is not. */
  override async getUpload(id: string): Promise<Upload> {
    const row = await this.#rows.get(id);
    if (!row?.entryId) return await super.getUpload(id);
    return Object.assign(toTusUpload(row), { offset: row.sizeBytes });
  }

  pathOf(id: string): string {
    return join(this.#directory, id);
  }

  /** Bytes that have come, and when the last of them did; undefined when there is no file. */
  async look(id: string): Promise<{ readonly bytes: number; readonly touchedAtMs: number } | undefined> {
    try {
      const { size, mtimeMs } = await stat(this.pathOf(id));
      return { bytes: size, touchedAtMs: mtimeMs };
    } catch (error) {
      if (isMissingFile(error)) return undefined;
      throw error;
    }
  }

  async removeFile(id: string): Promise<void> {
    await rm(this.pathOf(id), { force: true });
  }

  /** Removes what no row speaks of. */
  async sweep(): Promise<void> {
    const known = new Set((await this.#rows.all()).filter(({ doneAtMs }) => doneAtMs === null).map(({ id }) => id));
    for (const id of await readdir(this.#directory)) if (!known.has(id)) await this.removeFile(id);
  }
}

function toTusUpload({ id, sizeBytes, createdAtMs, name }: KnownUpload): Upload {
  const metadata = { name };
  return new Upload({ id, size: sizeBytes, offset: 0, metadata, creation_date: new Date(createdAtMs).toISOString() });
}
