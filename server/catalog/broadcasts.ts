import type { Kysely } from 'kysely';
import type { BroadcastRow, CatalogTables } from './tables.ts';

export interface StoredBroadcast {
  readonly id: string;
  readonly entryId: string;
  readonly startedAtMs: number;
  /** Null while it runs or waits for its publisher. */
  readonly endedAtMs: number | null;
  /** When the publisher dropped, while it is being waited for. */
  readonly interruptedAtMs: number | null;
}

/** When each entry was on the air. Changes of a broadcast that has ended change nothing. */
export class Broadcasts {
  readonly #db: Kysely<CatalogTables>;

  constructor(db: Kysely<CatalogTables>) {
    this.#db = db;
  }

  async create(broadcast: { id: string; entryId: string; startedAtMs: number }): Promise<StoredBroadcast> {
    const row: BroadcastRow = {
      id: broadcast.id,
      entry_id: broadcast.entryId,
      started_at_ms: broadcast.startedAtMs,
      ended_at_ms: null,
      interrupted_at_ms: null,
    };
    await this.#db.insertInto('broadcasts').values(row).execute();
    return toStoredBroadcast(row);
  }

  async interrupt(id: string, atMs: number): Promise<void> {
    await this.#set(id, { interrupted_at_ms: atMs });
  }

  async resume(id: string): Promise<void> {
    await this.#set(id, { interrupted_at_ms: null });
  }

  async end(id: string, atMs: number): Promise<void> {
    await this.#set(id, { ended_at_ms: atMs, interrupted_at_ms: null });
  }

  /** The running broadcast of an entry, or its last one. */
  async last(entryId: string): Promise<StoredBroadcast | undefined> {
    const row = await this.#newestFirst(entryId).limit(1).executeTakeFirst();
    return row && toStoredBroadcast(row);
  }

  /** The last broadcast of each of these entries that had one. */
  async lastOf(entryIds: readonly string[]): Promise<Map<string, StoredBroadcast>> {
    if (entryIds.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('broadcasts')
      .selectAll()
      .where('entry_id', 'in', entryIds)
      .where('id', '=', (query) =>
        query
          .selectFrom('broadcasts as newer')
          .select('newer.id')
          .whereRef('newer.entry_id', '=', 'broadcasts.entry_id')
          .orderBy('newer.started_at_ms', 'desc')
          .orderBy('newer.id', 'desc')
          .limit(1),
      )
      .execute();
    return new Map(rows.map((row) => [row.entry_id, toStoredBroadcast(row)]));
  }

  /** Newest first. */
  async list(entryId: string): Promise<StoredBroadcast[]> {
    return (await this.#newestFirst(entryId).execute()).map(toStoredBroadcast);
  }

  /** All that have not ended: after a restart, those to continue or to end. */
  async open(): Promise<StoredBroadcast[]> {
    const rows = await this.#db
      .selectFrom('broadcasts')
      .selectAll()
      .where('ended_at_ms', 'is', null)
      .orderBy('started_at_ms')
      .execute();
    return rows.map(toStoredBroadcast);
  }

  #newestFirst(entryId: string) {
    return this.#db
      .selectFrom('broadcasts')
      .selectAll()
      .where('entry_id', '=', entryId)
      .orderBy('started_at_ms', 'desc')
      .orderBy('id', 'desc');
  }

  async #set(id: string, changes: Partial<BroadcastRow>): Promise<void> {
    await this.#db
      .updateTable('broadcasts')
      .set(changes)
      .where('id', '=', id)
      .where('ended_at_ms', 'is', null)
      .execute();
  }
}

function toStoredBroadcast(row: BroadcastRow): StoredBroadcast {
  return {
    id: row.id,
    entryId: row.entry_id,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    interruptedAtMs: row.interrupted_at_ms,
  };
}
