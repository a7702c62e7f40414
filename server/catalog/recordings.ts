import type { Kysely } from 'kysely';
import type { CatalogTables, RecordingMode, RecordingRow } from './tables.ts';

export interface StoredRecording {
  /** The recorded entry. */
  readonly entryId: string;
  /** What was recorded; it may have been deleted since. */
  readonly sourceEntryId: string;
  readonly mode: RecordingMode;
  /** Among the recordings of its source, from 1. */
  readonly number: number;
  /** The last broadcast that is in it, and from which segment on. */
  readonly broadcastId: string;
  readonly firstSequence: number;
  /** That broadcast is still being recorded. */
  readonly open: boolean;
}

/** What was recorded of which entry; a row goes with its recorded entry. */
export class StoredRecordings {
  readonly #db: Kysely<CatalogTables>;

  constructor(db: Kysely<CatalogTables>) {
    this.#db = db;
  }

  /** Of all entries that are still there; those of one source oldest first. */
  async all(): Promise<StoredRecording[]> {
    const rows = await this.#db
      .selectFrom('recordings')
      .innerJoin('entries as source', 'source.id', 'recordings.source_entry_id')
      .selectAll('recordings')
      .orderBy('number')
      .execute();
    return rows.map(toStoredRecording);
  }

  async put(recording: StoredRecording): Promise<void> {
    const { entry_id, ...rest } = toRow(recording);
    await this.#db
      .insertInto('recordings')
      .values({ entry_id, ...rest })
      .onConflict((conflict) => conflict.column('entry_id').doUpdateSet(rest))
      .execute();
  }
}

function toStoredRecording(row: RecordingRow): StoredRecording {
  return {
    entryId: row.entry_id,
    sourceEntryId: row.source_entry_id,
    mode: row.mode,
    number: row.number,
    broadcastId: row.broadcast_id,
    firstSequence: row.first_sequence,
    open: row.is_open === 1,
  };
}

function toRow(recording: StoredRecording): RecordingRow {
  return {
    entry_id: recording.entryId,
    source_entry_id: recording.sourceEntryId,
    mode: recording.mode,
    number: recording.number,
    broadcast_id: recording.broadcastId,
    first_sequence: recording.firstSequence,
    is_open: Number(recording.open),
  };
}
