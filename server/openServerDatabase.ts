import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { catalogMigrations, type CatalogTables } from './catalog/migrations.ts';
import { openDatabase } from './database.ts';
import { cutMigrations, type CutTables } from './recording/clips/cutTables.ts';
import { uploadMigrations, type UploadTables } from './recording/uploads/uploadTables.ts';
import { segmentMigrations } from './segments/segmentMigrations.ts';
import type { SegmentTables } from './segments/segmentTables.ts';

export type ServerTables = CatalogTables & SegmentTables & CutTables & UploadTables;

export function databasePath(dataDir: string): string {
  return join(dataDir, 'tallylight.db');
}

/** The database with the tables of all stages. */
export function openServerDatabase(dataDir: string): Promise<Kysely<ServerTables>> {
  const migrations = { ...catalogMigrations, ...segmentMigrations, ...cutMigrations, ...uploadMigrations };
  return openDatabase<ServerTables>(databasePath(dataDir), migrations);
}
