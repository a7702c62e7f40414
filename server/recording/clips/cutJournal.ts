import type { Kysely } from 'kysely';
import type { CutTables } from './cutTables.ts';

export interface Cut {
  readonly ownerId: string;
  readonly entryId: string;
  readonly kind: 'clip' | 'trim';
  readonly wasTrimmed: boolean;
}

/** The cuts that are being made, so that those a crash has ended can be taken back. */
export class CutJournal {
  readonly #db: Kysely<CutTables>;

  constructor(db: Kysely<CutTables>) {
    this.#db = db;
  }

  async begin({ ownerId, entryId, kind, wasTrimmed }: Cut): Promise<void> {
    const row = { owner_id: ownerId, entry_id: entryId, kind, was_trimmed: wasTrimmed ? 1 : 0 };
    await this.#db.insertInto('cuts').values(row).execute();
  }

  async end(ownerId: string): Promise<void> {
    await this.#db.deleteFrom('cuts').where('owner_id', '=', ownerId).execute();
  }

  async unfinished(): Promise<Cut[]> {
    const rows = await this.#db.selectFrom('cuts').selectAll().execute();
    return rows.map(({ owner_id, entry_id, kind, was_trimmed }) => ({
      ownerId: owner_id,
      entryId: entry_id,
      kind,
      wasTrimmed: was_trimmed === 1,
    }));
  }
}
