import type { Kysely } from 'kysely';
import type { Migrations } from '../database.ts';
import { unpackTracks } from './packTracks.ts';
import type { SegmentTables } from './segmentTables.ts';
import { segmentBytes } from './storedSegment.ts';

/** Tables of timelines, periods and segments: merged with the others’ when the database is opened. */
export const segmentMigrations: Migrations = {
  '2026-11-22-segments': {
    async up(database: Kysely<unknown>): Promise<void> {
      await createTimelines(database);
      await createPeriods(database);
      await createSegments(database);
      await database.schema
        .createTable('timeline_floors')
        .addColumn('entry_id', 'text', (column) => column.primaryKey())
        .addColumn('sequence_floor', 'integer', (column) => column.notNull())
        .addColumn('period_floor', 'integer', (column) => column.notNull())
        .execute();
    },
  },
  '2026-11-23-compositions': {
    async up(database: Kysely<SegmentTables>): Promise<void> {
      await database.schema
        .createTable('compositions')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('entry_id', 'text', (column) => column.notNull())
        .addColumn('ranges', 'text', (column) => column.notNull())
        .execute();
      for (const column of ['settled', 'retired'])
        await database.schema
          .alterTable('timelines')
          .addColumn(column, 'integer', (added) => added.notNull().defaultTo(0))
          .execute();
      for (const column of ['bytes', 'bytes_before'])
        await database.schema
          .alterTable('segments')
          .addColumn(column, 'double precision', (added) => added.notNull().defaultTo(0))
          .execute();
      await countBytes(database);
    },
  },
};

async function countBytes(database: Kysely<SegmentTables>): Promise<void> {
  const timelines = await database.selectFrom('timelines').select('id').execute();
  for (const { id } of timelines) {
    const rows = await database
      .selectFrom('segments')
      .select(['sequence', 'tracks'])
      .where('timeline_id', '=', id)
      .orderBy('sequence')
      .execute();
    let bytesBefore = 0;
    for (const { sequence, tracks } of rows) {
      const bytes = segmentBytes({ tracks: unpackTracks(tracks) });
      await database
        .updateTable('segments')
        .set({ bytes, bytes_before: bytesBefore })
        .where('timeline_id', '=', id)
        .where('sequence', '=', sequence)
        .execute();
      bytesBefore += bytes;
    }
  }
}

async function createTimelines(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('timelines')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('entry_id', 'text', (column) => column.notNull())
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('epoch_ms', 'double precision', (column) => column.notNull())
    .addColumn('window_seconds', 'double precision', (column) => column.notNull())
    .addColumn('first_sequence', 'integer', (column) => column.notNull())
    .addColumn('sequence_floor', 'integer', (column) => column.notNull())
    .addColumn('period_floor', 'integer', (column) => column.notNull())
    .addColumn('target_duration_seconds', 'integer', (column) => column.notNull())
    .addColumn('ended_ms', 'double precision')
    // Also the index by which an entry's timelines are deleted.
    .addUniqueConstraint('timelines_entry', ['entry_id', 'ordinal'])
    .execute();
}

async function createPeriods(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('periods')
    .addColumn('timeline_id', 'text', (column) => column.notNull().references('timelines.id').onDelete('cascade'))
    .addColumn('folder', 'integer', (column) => column.notNull())
    .addColumn('start_ms', 'double precision', (column) => column.notNull())
    .addColumn('tracks', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('periods_primary', ['timeline_id', 'folder'])
    .execute();
}

/** The primary key is the only index: rows are read by timeline in order, and deleted from its lower end. */
async function createSegments(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('segments')
    .addColumn('timeline_id', 'text', (column) => column.notNull().references('timelines.id').onDelete('cascade'))
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('period_index', 'integer', (column) => column.notNull())
    .addColumn('folder', 'integer', (column) => column.notNull())
    .addColumn('file', 'integer', (column) => column.notNull())
    .addColumn('start_ms', 'double precision', (column) => column.notNull())
    .addColumn('duration_ms', 'double precision', (column) => column.notNull())
    .addColumn('wall_clock_ms', 'double precision', (column) => column.notNull())
    .addColumn('window_start', 'integer', (column) => column.notNull())
    .addColumn('target_duration_seconds', 'integer', (column) => column.notNull())
    .addColumn('tracks', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('segments_primary', ['timeline_id', 'sequence'])
    .execute();
}
