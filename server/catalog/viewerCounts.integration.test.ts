import { expect, it } from 'vitest';
import { openDatabase } from '../database.ts';
import { Broadcasts } from './broadcasts.ts';
import { Entries } from './entries.ts';
import { catalogMigrations, type CatalogTables } from './migrations.ts';
import { ViewerCounts } from './viewerCounts.ts';

it('leave out a broadcast that has been deleted, and no other', async () => {
  const database = await openDatabase<CatalogTables>(':memory:', catalogMigrations);
  const entries = new Entries(database);
  const { id: entryId } = await entries.create({ type: 'live', name: 'Show' });
  const { id: goneId } = await entries.create({ type: 'live', name: 'Gone' });
  const broadcasts = new Broadcasts(database);
  const broadcast = await broadcasts.create({ id: 'b-on', entryId, startedAtMs: 1000 });
  const gone = await broadcasts.create({ id: 'b-gone', entryId: goneId, startedAtMs: 1000 });
  await entries.delete(goneId);
  const counts = new ViewerCounts(database);
  await counts.add([gone, broadcast].map(({ id }) => ({ broadcastId: id, atMs: 60_000, viewers: 7 })));
  await counts.add([{ broadcastId: gone.id, atMs: 120_000, viewers: 7 }]);
  expect(await counts.list(broadcast.id)).toEqual([{ atMs: 60_000, viewers: 7 }]);
  expect(await counts.list(gone.id)).toEqual([]);
  await database.destroy();
});
