import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';

/** Named so that their order is their alphabetical order: `2026-11-22-catalog`. */
export type Migrations = Record<string, Migration>;

/** Opens (and creates) the SQLite database in WAL mode and brings its tables up to date. Close with `destroy()`. */
export async function openDatabase<Tables>(path: string, migrations: Migrations): Promise<Kysely<Tables>> {
  mkdirSync(dirname(path), { recursive: true });
  const sqlite = new Sqlite(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = NORMAL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 5000');
  const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
  const migrator = new Migrator({ db: database, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    await database.destroy();
    throw new Error('The database could not be brought up to date.', { cause: error });
  }
  return database;
}
