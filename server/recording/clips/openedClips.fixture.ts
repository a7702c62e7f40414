import { join } from 'node:path';
import { Entries } from '../../catalog/entries.ts';
import { catalogMigrations, type CatalogTables } from '../../catalog/migrations.ts';
import { openDatabase } from '../../database.ts';
import { createLog } from '../../log.ts';
import { createSegmentStore } from '../../segments/createSegmentStore.ts';
import { segmentMigrations } from '../../segments/segmentMigrations.ts';
import type { SegmentTables } from '../../segments/segmentTables.ts';
import { FfmpegTasks } from '../../transcode/ffmpegTask.ts';
import { storeCounted, type CountedMedia } from './countedMedia.fixture.ts';
import { ClipOrigins } from './clipOrigins.ts';
import { Clips } from './clips.ts';
import { CutJournal } from './cutJournal.ts';
import { cutMigrations, type CutTables } from './cutTables.ts';
import { Cutter } from './cutter.ts';
import type { TaskRunner } from './makePiece.ts';

export interface OpenClipsOptions {
  /** In place of the real ffmpeg. */
  readonly tasks?: TaskRunner;
}

/** Clips over a real store, a real catalog and a real ffmpeg, below `root`. */
export async function openClips(root: string, options: OpenClipsOptions = {}) {
  const log = createLog('silent', false);
  const database = await openDatabase<CatalogTables & SegmentTables & CutTables>(join(root, 'test.db'), {
    ...catalogMigrations,
    ...segmentMigrations,
    ...cutMigrations,
  });
  const store = await createSegmentStore({ directory: join(root, 'media'), database, log });
  const entries = new Entries(database, { now: Date.now });
  const tasks = new FfmpegTasks({ ffmpegPath: 'ffmpeg', running: 2 });
  const journal = new CutJournal(database);
  const clips = new Clips({
    store,
    cutter: new Cutter({ store, tasks: options.tasks ?? tasks, log }),
    catalog: entries,
    journal,
    origins: new ClipOrigins(database),
    playing: async (entryId) => (await store.composed(entryId)) ?? store.latest(entryId),
    shownBy: (entryId) => [`live-of-${entryId}`],
    log,
  });
  let videos = 0;
  return {
    store,
    entries,
    clips,
    journal,
    database,
    /** A video that is ready, made of a timeline that was written for it. */
    async video(...periods: readonly CountedMedia[]): Promise<string> {
      const { id } = await entries.createVideo({
        name: 'What was recorded',
        origin: 'recording',
        status: 'ready',
        progress: null,
        failure: null,
        durationMs: 0,
        sourceEntryId: null,
        rootEntryId: null,
        trimmed: false,
        profileId: null,
      });
      const timeline = { id: `recorded-${videos++}`, entryId: `live-of-${id}` };
      const { segments } = await storeCounted(store, timeline, ...periods);
      const [first, last] = [segments[0]!.sequence, segments.at(-1)!.sequence];
      await store.compose(id, id, [{ timelineId: timeline.id, first, end: last + 1 }]);
      return id;
    },
    /** As the server deletes an entry. */
    async remove(id: string): Promise<boolean> {
      if (!(await entries.delete(id))) return false;
      await clips.forget(id);
      await store.decompose(id);
      await store.deleteEntry(`live-of-${id}`);
      return true;
    },
    async close(): Promise<void> {
      await clips.close();
      await tasks.close();
      await store.close();
      await database.destroy();
    },
  };
}

export type OpenedClips = Awaited<ReturnType<typeof openClips>>;
