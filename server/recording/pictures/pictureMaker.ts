import { RecentlyUsed } from '../../media/recentlyUsed.ts';
import { isRefusal, refuse, type Refusal } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { isMissingFile } from '../../missingFile.ts';
import { FfmpegTaskError, type FfmpegTask } from '../../transcode/ffmpegTask.ts';
import { PictureFiles } from './pictureFiles.ts';

/** What runs ffmpeg; `transcode/ffmpegTask.ts` satisfies it. */
export interface TaskRunner {
  run(task: FfmpegTask): Promise<Buffer[]>;
}

/** A thing to be made: what it shows, and for how long that is worth keeping. */
export interface Making {
  readonly entryId: string;
  /** Equal keys mean equal pictures. */
  readonly key: string;
  readonly suffix: string;
  /** On disk what can be asked for again much later; in memory alone what is soon replaced. */
  readonly keep: 'disk' | 'memory';
  /** Undefined when the media are gone. */
  make(run: (task: FfmpegTask) => Promise<Buffer>): Promise<Buffer | undefined>;
}

export interface Made {
  readonly bytes: Buffer;
  /** Names the bytes. */
  readonly name: string;
}

const memoryBytes = 16 * 1024 * 1024;

/** Everything that is made by ffmpeg for viewers: each once, for all who ask at the same time and later. */
export class PictureMaker {
  readonly #runner: TaskRunner;
  readonly #files: PictureFiles;
  readonly #log: Logger;
  readonly #mostMaking: number;
  readonly #recent = new RecentlyUsed<Buffer>(memoryBytes, ({ length }) => length);
  readonly #making = new Map<string, Promise<Buffer | Refusal>>();

  /** `mostMaking`: so many are waited for at once; who comes then is asked to come again. */
  constructor(parts: { runner: TaskRunner; files: PictureFiles; log: Logger; mostMaking: number }) {
    this.#runner = parts.runner;
    this.#files = parts.files;
    this.#log = parts.log;
    this.#mostMaking = parts.mostMaking;
  }

  /** Refuses when there is too much to do, and when there is nothing to make it of. */
  async obtain(making: Making): Promise<Made | Refusal> {
    const name = PictureFiles.nameOf(making.key, making.suffix);
    const place = `${making.entryId}/${name}`;
    const kept = this.#recent.get(place);
    if (kept) return { bytes: kept, name };
    let bytes = this.#making.get(place);
    if (!bytes) {
      if (this.#making.size >= this.#mostMaking) return refuse('overloaded');
      bytes = this.#obtain(making, name).finally(() => this.#making.delete(place));
      this.#making.set(place, bytes);
    }
    const made = await bytes;
    return isRefusal(made) ? made : { bytes: made, name };
  }

  /** What was made before; nothing is made for this. */
  async kept({ entryId, key, suffix, keep }: Making): Promise<Buffer | undefined> {
    const name = PictureFiles.nameOf(key, suffix);
    return (
      this.#recent.get(`${entryId}/${name}`) ?? (keep === 'disk' ? await this.#files.read(entryId, name) : undefined)
    );
  }

  async #obtain(making: Making, name: string): Promise<Buffer | Refusal> {
    const { entryId, keep } = making;
    const stored = keep === 'disk' ? await this.#files.read(entryId, name) : undefined;
    if (stored) return stored;
    try {
      const made = await making.make(async (task) => {
        const [bytes] = await this.#runner.run(task);
        if (!bytes || bytes.length === 0) throw new Error('ffmpeg made nothing of it');
        return bytes;
      });
      if (!made) return refuse('noPicture');
      // Also what goes to the disk: it is asked for again before it is there.
      this.#recent.add(`${entryId}/${name}`, made);
      if (keep === 'disk') this.#files.write(entryId, name, made);
      return made;
    } catch (error) {
      if (error instanceof FfmpegTaskError && (error.failure === 'overloaded' || error.failure === 'closed'))
        return refuse('overloaded');
      // Evicted, or deleted, while it was being read.
      if (isMissingFile(error)) return refuse('noPicture');
      this.#log.warn({ err: error, entryId, key: making.key }, 'a picture could not be made');
      return refuse('noPicture');
    }
  }
}
