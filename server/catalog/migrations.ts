import type { Kysely } from 'kysely';
import type { Migrations } from '../database.ts';
import { builtInProfiles } from './builtInProfiles.ts';
import { toProfileRow } from './profileRow.ts';
import type { CatalogTables } from './tables.ts';

export type { CatalogTables } from './tables.ts';

/** Tables of entries, broadcasts, profiles, users and sessions. */
export const catalogMigrations: Migrations = {
  '2026-11-22-catalog': {
    async up(db: Kysely<CatalogTables>): Promise<void> {
      await createProfiles(db);
      await createEntries(db);
      await createBroadcasts(db);
      await createUsers(db);
    },
  },
};

async function createProfiles(db: Kysely<CatalogTables>): Promise<void> {
  await db.schema
    .createTable('profiles')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('built_in', 'integer', (column) => column.notNull())
    .addColumn('is_default', 'integer', (column) => column.notNull())
    .addColumn('flavors', 'text', (column) => column.notNull())
    .addColumn('audio_bitrate_kbps', 'integer', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('profiles_one_default')
    .unique()
    .on('profiles')
    .column('is_default')
    .where('is_default', '=', 1)
    .execute();
  await db
    .insertInto('profiles')
    .values(builtInProfiles.map((profile, index) => toProfileRow(profile, index)))
    .execute();
}

async function createEntries(db: Kysely<CatalogTables>): Promise<void> {
  await db.schema
    .createTable('entries')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('tags', 'text', (column) => column.notNull())
    .addColumn('search_text', 'text', (column) => column.notNull())
    .addColumn('profile_id', 'text', (column) => column.references('profiles.id'))
    .addColumn('dvr_enabled', 'integer', (column) => column.notNull())
    .addColumn('dvr_window_minutes', 'integer', (column) => column.notNull())
    .addColumn('recording', 'text', (column) => column.notNull())
    .addColumn('urls', 'text')
    .addColumn('ingest_password', 'text', (column) => column.notNull())
    .addColumn('whip_token', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  for (const column of ['name_key', 'created_at_ms', 'updated_at_ms', 'profile_id'] as const)
    await db.schema.createIndex(`entries_${column}`).on('entries').column(column).execute();
}

async function createBroadcasts(db: Kysely<CatalogTables>): Promise<void> {
  await db.schema
    .createTable('broadcasts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('entry_id', 'text', (column) => column.notNull().references('entries.id').onDelete('cascade'))
    .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('ended_at_ms', 'bigint')
    .addColumn('interrupted_at_ms', 'bigint')
    .execute();
  await db.schema.createIndex('broadcasts_entry').on('broadcasts').columns(['entry_id', 'started_at_ms']).execute();
}

async function createUsers(db: Kysely<CatalogTables>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('sessions')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sessions_user').on('sessions').column('user_id').execute();
}
