import type { Kysely, Selectable } from 'kysely';
import type { UploadTables } from './uploadTables.ts';

/** A file that is coming, has come, or has become an entry. */
export interface KnownUpload {
  readonly id: string;
  readonly userId: string;
  readonly createdBy: string;
  readonly name: string;
  readonly profileId: string;
  readonly sizeBytes: number;
  readonly createdAtMs: number;
  /** Null until all of it is there. */
  readonly entryId: string | null;
  /** Since when there is nothing more to be done with it, nor a file. */
  readonly doneAtMs: number | null;
}

/** Uploads over restarts of the server. */
export class UploadRows {
  readonly #db: Kysely<UploadTables>;

  constructor(db: Kysely<UploadTables>) {
    this.#db = db;
  }

  async add(upload: KnownUpload): Promise<void> {
    const { id, name } = upload;
    await this.#db
      .insertInto('uploads')
      .values({
        id,
        name,
        user_id: upload.userId,
        created_by: upload.createdBy,
        profile_id: upload.profileId,
        size_bytes: upload.sizeBytes,
        created_at_ms: upload.createdAtMs,
        entry_id: upload.entryId,
        done_at_ms: upload.doneAtMs,
      })
      .execute();
  }

  async get(id: string): Promise<KnownUpload | undefined> {
    const row = await this.#db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toUpload(row);
  }

  /** In the order they were begun. */
  async all(): Promise<KnownUpload[]> {
    const rows = await this.#db.selectFrom('uploads').selectAll().orderBy('created_at_ms').orderBy('id').execute();
    return rows.map(toUpload);
  }

  /** False when it has become an entry already, or is not there any more. */
  async become(id: string, entryId: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('uploads')
      .set({ entry_id: entryId })
      .where('id', '=', id)
      .where('entry_id', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async done(id: string, atMs: number): Promise<void> {
    await this.#db.updateTable('uploads').set({ done_at_ms: atMs }).where('id', '=', id).execute();
  }

  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('uploads').where('id', '=', id).execute();
  }
}

function toUpload(row: Selectable<UploadTables['uploads']>): KnownUpload {
  return {
    id: row.id,
    userId: row.user_id,
    createdBy: row.created_by,
    name: row.name,
    profileId: row.profile_id,
    sizeBytes: row.size_bytes,
    createdAtMs: row.created_at_ms,
    entryId: row.entry_id,
    doneAtMs: row.done_at_ms,
  };
}
