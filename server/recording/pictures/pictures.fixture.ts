import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../log.ts';
import { openStore, type OpenedStore } from '../../segments/openedStore.fixture.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { FfmpegTasks, type FfmpegTask } from '../../transcode/ffmpegTask.ts';
import { isRefusal } from '../../errors.ts';
import { Pictures } from './pictures.ts';

export interface PicturesUnderTest {
  readonly pictures: Pictures;
  readonly opened: OpenedStore;
  readonly directory: string;
  /** Every run of ffmpeg so far. */
  readonly runs: FfmpegTask[];
  /** What an entry plays instead of its latest timeline. */
  readonly playing: Map<string, TimelineReader>;
  /** The same pictures after a restart. */
  reopen(): Promise<Pictures>;
  get(entryId: string, name: string, query?: string): Promise<Buffer>;
  close(): Promise<void>;
}

/** Pictures of a real store, made by the real ffmpeg. */
export async function openPictures(
  options: { maxBytes?: number; mostMaking?: number } = {},
): Promise<PicturesUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'tallylight-pictures-'));
  const directory = join(root, 'pictures');
  const opened = await openStore(root);
  const tasks = new FfmpegTasks({ ffmpegPath: 'ffmpeg', running: 2 });
  const runs: FfmpegTask[] = [];
  const playing = new Map<string, TimelineReader>();
  const open = () =>
    Pictures.open({
      directory,
      maxBytes: options.maxBytes ?? 100_000_000,
      mostMaking: options.mostMaking,
      timelines: { playing: (entryId) => playing.get(entryId) ?? opened.store.latest(entryId) },
      tasks: {
        run: (task) => {
          runs.push(task);
          return tasks.run(task);
        },
      },
      log: createLog('silent', false),
      now: () => Date.now(),
    });
  let pictures = await open();
  return {
    get pictures() {
      return pictures;
    },
    opened,
    directory,
    runs,
    playing,
    reopen: async () => {
      await pictures.close();
      return (pictures = await open());
    },
    get: async (entryId, name, query = '') => {
      const picture = await pictures.picture({ entryId, name, query: new URLSearchParams(query), linkQuery: '' });
      if (isRefusal(picture)) throw new Error(picture.refused);
      return picture.body;
    },
    close: async () => {
      await pictures.close();
      await tasks.close();
      await opened.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
