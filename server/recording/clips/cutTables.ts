import type { Kysely } from 'kysely';
import type { Migrations } from '../../database.ts';

interface CutRow {
  /** Under whose name the store keeps what the cut is made with. */
  owner_id: string;
  /** The entry that is made, or changed. */
  entry_id: string;
  kind: 'clip' | 'trim';
  /** 1 when the entry had been trimmed before. */
  was_trimmed: number;
}

interface ClipOriginRow {
  entry_id: string;
  /** JSON: ClipPart[] */
  parts: string;
}

export interface CutTables {
  cuts: CutRow;
  clip_origins: ClipOriginRow;
}

export const cutMigrations: Migrations = {
  '2026-11-24-cuts': {
    async up(db: Kysely<CutTables>): Promise<void> {
      await db.schema
        .createTable('cuts')
        .addColumn('owner_id', 'text', (column) => column.primaryKey())
        .addColumn('entry_id', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('was_trimmed', 'integer', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('clip_origins')
        .addColumn('entry_id', 'text', (column) => column.primaryKey())
        .addColumn('parts', 'text', (column) => column.notNull())
        .execute();
    },
  },
};
