import type { Kysely } from 'kysely';
import type { Migrations } from '../../database.ts';

interface UploadRow {
  id: string;
  user_id: string;
  /** How others see who uploads. */
  created_by: string;
  name: string;
  profile_id: string;
  size_bytes: number;
  created_at_ms: number;
  /** What it becomes; null until all of it is there. */
  entry_id: string | null;
  /** When nothing more was to be done with it; its file is gone then. */
  done_at_ms: number | null;
}

export interface UploadTables {
  uploads: UploadRow;
}

export const uploadMigrations: Migrations = {
  '2026-11-26-uploads': {
    async up(db: Kysely<UploadTables>): Promise<void> {
      await db.schema
        .createTable('uploads')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('user_id', 'text', (column) => column.notNull())
        .addColumn('created_by', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('profile_id', 'text', (column) => column.notNull())
        .addColumn('size_bytes', 'integer', (column) => column.notNull())
        .addColumn('created_at_ms', 'integer', (column) => column.notNull())
        .addColumn('entry_id', 'text')
        .addColumn('done_at_ms', 'integer')
        .execute();
    },
  },
};
