import type { Kysely } from 'kysely';
import type { Migrations } from '../database.ts';
import { builtInProfiles } from './builtInProfiles.ts';
import { defaultCaptions } from '../../shared/model/captions.ts';
import { toProfileRow } from './profileRow.ts';
import type { CatalogTables, ProfileRow } from './tables.ts';

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
  '2026-11-23-videos': {
    async up(db: Kysely<CatalogTables>): Promise<void> {
      await addVideoColumns(db);
      await createRecordings(db);
      await createViewerCounts(db);
    },
  },
  '2026-11-24-captions': {
    async up(db: Kysely<CatalogTables>): Promise<void> {
      await db.schema
        .alterTable('entries')
        .addColumn('captions', 'text', (column) => column.notNull().defaultTo(JSON.stringify(defaultCaptions)))
        .execute();
    },
  },
  '2026-11-25-sources': {
    async up(db: Kysely<CatalogTables>): Promise<void> {
      await db.schema
        .alterTable('profiles')
        .addColumn('keeps_source', 'integer', (column) => column.notNull().defaultTo(1))
        .execute();
    },
  },
  '2026-11-27-credentials': {
    async up(db: Kysely<CatalogTables>): Promise<void> {
      await db.schema.alterTable('entries').addColumn('ingest_expires_at_ms', 'bigint').execute();
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
    .values(
      builtInProfiles.map((profile, index) => {
        // A later migration adds it.
        const { keeps_source: _, ...row } = toProfileRow(profile, index);
        return row as ProfileRow;
      }),
    )
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

async function addVideoColumns(db: Kysely<CatalogTables>): Promise<void> {
  const entries = db.schema.alterTable('entries');
  await entries.addColumn('plays', 'integer', (column) => column.notNull().defaultTo(0)).execute();
  for (const name of ['created_by', 'origin', 'video_status', 'failure', 'source_entry_id', 'root_entry_id'])
    await entries.addColumn(name, 'text').execute();
  for (const name of ['retention_days', 'trimmed']) await entries.addColumn(name, 'integer').execute();
  await entries.addColumn('made_at_ms', 'bigint').execute();
  for (const name of ['progress', 'duration_ms']) await entries.addColumn(name, 'double precision').execute();
  await db.schema
    .createIndex('entries_source')
    .on('entries')
    .columns(['source_entry_id', 'created_at_ms'])
    .where('source_entry_id', 'is not', null)
    .execute();
  await db.schema
    .createIndex('entries_retention')
    .on('entries')
    .column('retention_days')
    .where('retention_days', 'is not', null)
    .execute();
}

async function createRecordings(db: Kysely<CatalogTables>): Promise<void> {
  await db.schema
    .createTable('recordings')
    .addColumn('entry_id', 'text', (column) => column.primaryKey().references('entries.id').onDelete('cascade'))
    .addColumn('source_entry_id', 'text', (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('broadcast_id', 'text', (column) => column.notNull())
    .addColumn('first_sequence', 'integer', (column) => column.notNull())
    .addColumn('is_open', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('recordings_source').on('recordings').columns(['source_entry_id', 'number']).execute();
}

async function createViewerCounts(db: Kysely<CatalogTables>): Promise<void> {
  await db.schema
    .createTable('viewer_counts')
    .addColumn('broadcast_id', 'text', (column) => column.notNull().references('broadcasts.id').onDelete('cascade'))
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('viewers', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('viewer_counts_key', ['broadcast_id', 'at_ms'])
    .execute();
}
