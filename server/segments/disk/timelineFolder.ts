import { mkdir, open, rm, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissingFile } from '../../missingFile.ts';
import type { StoredBytes } from '../timelineReader.ts';
import type { MediaFiles } from '../storedPeriod.ts';
import { StoredFile } from './storedFile.ts';

const idPattern = /^[A-Za-z0-9_-]{1,100}$/;
const trackIdPattern = /^[a-z0-9]{1,16}$/;

/** Beside the timelines: where media are kept that the index does not have. */
export const folderOfUnknown = 'unknown';

/** Ids become names of folders: anything that could be more than a name is refused. */
export function isTimelineId(id: string): boolean {
  return idPattern.test(id) && id !== folderOfUnknown;
}

export function isTrackId(id: string): boolean {
  return trackIdPattern.test(id);
}

/** The files of one timeline: `<period>/<track>/init.mp4` and `<period>/<track>/<segment>.m4s`. */
export class TimelineFolder implements MediaFiles {
  readonly path: string;
  /** Number for the next period's folder. */
  #nextFolder: number;

  constructor(directory: string, timelineId: string, nextFolder: number) {
    if (!isTimelineId(timelineId)) throw new Error('A timeline’s id may have letters, digits, - and _ only.');
    this.path = join(directory, timelineId);
    this.#nextFolder = nextFolder;
  }

  takeFolder(): number {
    return this.#nextFolder++;
  }

  periodPath(folder: number): string {
    return join(this.path, String(folder));
  }

  trackPath(folder: number, trackId: string): string {
    return join(this.path, String(folder), trackId);
  }

  initPath(folder: number, trackId: string): string {
    return join(this.trackPath(folder, trackId), 'init.mp4');
  }

  mediaPath(folder: number, trackId: string, file: number): string {
    return join(this.trackPath(folder, trackId), `${file}.m4s`);
  }

  init(folder: number, trackId: string, bytes: number): StoredBytes {
    return new StoredFile(this.initPath(folder, trackId), bytes);
  }

  media(folder: number, trackId: string, file: number, bytes: number): StoredBytes {
    return new StoredFile(this.mediaPath(folder, trackId, file), bytes);
  }

  /** `written` takes the handles of the whole files over. */
  async addPeriod(
    folder: number,
    tracks: readonly { id: string; init: Uint8Array }[],
    written: (handle: FileHandle) => void,
  ): Promise<void> {
    for (const { id, init } of tracks) {
      await mkdir(this.trackPath(folder, id), { recursive: true });
      const file = await open(this.initPath(folder, id), 'wx');
      try {
        await file.writeFile(init);
      } catch (error) {
        await file.close();
        throw error;
      }
      written(file);
    }
  }

  async removeMedia(folder: number, trackId: string, file: number): Promise<void> {
    try {
      await unlink(this.mediaPath(folder, trackId, file));
    } catch (error) {
      if (!isMissingFile(error)) throw error;
    }
  }

  async removePeriod(folder: number): Promise<void> {
    await rm(this.periodPath(folder), { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
