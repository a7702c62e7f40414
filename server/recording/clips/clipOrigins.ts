import type { Kysely } from 'kysely';
import type { CutTables } from './cutTables.ts';

/** A part of a clip, and what it was cut of. Both times on the scale of `originMs` then. */
export interface ClipPart {
  readonly entryId: string;
  readonly inMs: number;
  readonly outMs: number;
}

/** What clips were cut of. */
export class ClipOrigins {
  readonly #db: Kysely<CutTables>;

  constructor(db: Kysely<CutTables>) {
    this.#db = db;
  }

  async remember(entryId: string, parts: readonly ClipPart[]): Promise<void> {
    const row = { entry_id: entryId, parts: JSON.stringify(parts) };
    await this.#db.insertInto('clip_origins').values(row).execute();
  }

  async of(entryIds: readonly string[]): Promise<Map<string, ClipPart[]>> {
    if (entryIds.length === 0) return new Map();
    const rows = await this.#db.selectFrom('clip_origins').selectAll().where('entry_id', 'in', entryIds).execute();
    return new Map(rows.map(({ entry_id, parts }) => [entry_id, JSON.parse(parts) as ClipPart[]]));
  }

  async forget(entryId: string): Promise<void> {
    await this.#db.deleteFrom('clip_origins').where('entry_id', '=', entryId).execute();
  }
}
