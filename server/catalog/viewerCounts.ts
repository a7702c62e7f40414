import type { Kysely } from 'kysely';
import type { CatalogTables } from './tables.ts';

export interface ViewerCount {
  readonly atMs: number;
  readonly viewers: number;
}

/** How many watched each broadcast at once, minute by minute. They go with their broadcast, and none come of one that is gone. */
export class ViewerCounts {
  readonly #db: Kysely<CatalogTables>;

  constructor(db: Kysely<CatalogTables>) {
    this.#db = db;
  }

  async add(counts: readonly (ViewerCount & { readonly broadcastId: string })[]): Promise<void> {
    if (counts.length === 0) return;
    const ids = counts.map(({ broadcastId }) => broadcastId);
    await this.#db.transaction().execute(async (transaction) => {
      const known = await transaction.selectFrom('broadcasts').select('id').where('id', 'in', ids).execute();
      const isThere = new Set(known.map(({ id }) => id));
      const rows = counts
        .filter(({ broadcastId }) => isThere.has(broadcastId))
        .map(({ broadcastId, atMs, viewers }) => ({ broadcast_id: broadcastId, at_ms: atMs, viewers }));
      if (rows.length === 0) return;
      await transaction
        .insertInto('viewer_counts')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  }

  /** Oldest first. */
  async list(broadcastId: string): Promise<ViewerCount[]> {
    const rows = await this.#db
      .selectFrom('viewer_counts')
      .select(['at_ms', 'viewers'])
      .where('broadcast_id', '=', broadcastId)
      .orderBy('at_ms')
      .execute();
    return rows.map(({ at_ms, viewers }) => ({ atMs: at_ms, viewers }));
  }
}
