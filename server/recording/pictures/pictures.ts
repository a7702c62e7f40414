import { join } from 'node:path';
import { isRefusal, refuse, type Refusal } from '../../errors.ts';
import type { Closable } from '../../lifecycle.ts';
import type { Logger } from '../../log.ts';
import { AudioPeaks, type Peaks, type PeaksRequest } from '../peaks/audioPeaks.ts';
import type { Picture } from './picture.ts';
import { PictureFiles } from './pictureFiles.ts';
import { PictureMaker, type TaskRunner } from './pictureMaker.ts';
import { largestWidth, roundWidth } from './pictureWidth.ts';
import type { PlayingTimelines } from './playingTimelines.ts';
import { makePoster } from './posterImage.ts';
import { Posters } from './posters.ts';
import { parseInterval } from './storyboardLayout.ts';
import { Storyboards } from './storyboards.ts';
import { Thumbnails } from './thumbnails.ts';

export interface PicturesOptions {
  readonly directory: string;
  readonly maxBytes: number;
  /** At the same time; more are refused. Default: 24. */
  readonly mostMaking?: number;
  readonly timelines: PlayingTimelines;
  readonly tasks: TaskRunner;
  readonly log: Logger;
  readonly now: () => number;
}

/** A picture by its address: the name below the entry's, and what stands after the `?`. */
export interface PictureRequest {
  readonly entryId: string;
  readonly name: string;
  readonly query: URLSearchParams;
  /** What the addresses in a storyboard carry, without `?`. */
  readonly linkQuery: string;
}

const sheetName = /^storyboard-(\d{1,8})\.jpg$/;
/** No timeline is longer, by far. */
const longestPosition = /^\d{1,10}$/;

/** All that can be seen of an entry without playing it: thumbnails, poster, storyboard, waveform. */
export class Pictures implements Closable {
  readonly #files: PictureFiles;
  readonly #posters: Posters;
  readonly #thumbnails: Thumbnails;
  readonly #storyboards: Storyboards;
  readonly #peaks: AudioPeaks;
  readonly #tasks: TaskRunner;

  private constructor(options: PicturesOptions, posters: Posters) {
    const { timelines, tasks, log, now, mostMaking = 24 } = options;
    this.#tasks = tasks;
    this.#posters = posters;
    this.#files = new PictureFiles({ ...options, directory: join(options.directory, 'made') });
    const maker = new PictureMaker({ runner: tasks, files: this.#files, log, mostMaking });
    this.#thumbnails = new Thumbnails({ maker, posters, timelines });
    this.#storyboards = new Storyboards({ maker, timelines });
    this.#peaks = new AudioPeaks({ maker, timelines, now });
  }

  static async open(options: PicturesOptions): Promise<Pictures> {
    return new Pictures(options, await Posters.open({ ...options, directory: join(options.directory, 'posters') }));
  }

  async picture({ entryId, name, query, linkQuery }: PictureRequest): Promise<Picture | Refusal> {
    if (name === 'thumbnail.jpg') return await this.#thumbnail(entryId, query);
    const interval = parseInterval(query.get('interval'));
    if (interval === undefined) return refuse('badRequest', 'The interval is a whole number of seconds.');
    if (name === 'storyboard.vtt') return await this.#storyboards.text({ entryId, interval }, linkQuery);
    const [, sheet] = sheetName.exec(name) ?? [];
    if (sheet === undefined) return refuse('notFound');
    return await this.#storyboards.sheet({ entryId, interval }, Number(sheet), query.get('v'));
  }

  async peaks(request: PeaksRequest): Promise<Peaks | Refusal> {
    return await this.#peaks.peaks(request);
  }

  /** Another one with each choice of a poster; undefined while there is none. */
  posterVersion(entryId: string): string | undefined {
    return this.#posters.version(entryId);
  }

  /** The frame at a time of what the entry plays now; it stays, whatever becomes of the media. */
  async choosePosterFrame(entryId: string, atMs: number): Promise<Refusal | undefined> {
    const frame = await this.#thumbnails.picture({ entryId, atMs, width: largestWidth });
    if (isRefusal(frame)) return frame;
    await this.#posters.set(entryId, frame.body);
    return undefined;
  }

  /** A JPEG, PNG or WebP of the producer's. */
  async choosePosterImage(entryId: string, image: Uint8Array): Promise<Refusal | undefined> {
    const poster = await makePoster(this.#tasks, image);
    if (isRefusal(poster)) return poster;
    await this.#posters.set(entryId, poster);
    return undefined;
  }

  /** The picture is chosen automatically again. */
  async removePoster(entryId: string): Promise<void> {
    await this.#posters.remove(entryId);
  }

  /** The entry is gone, and so are its pictures. */
  async forget(entryId: string): Promise<void> {
    await this.#posters.remove(entryId);
    await this.#files.forget(entryId);
  }

  async close(): Promise<void> {
    await this.#files.close();
  }

  async #thumbnail(entryId: string, query: URLSearchParams): Promise<Picture | Refusal> {
    const width = roundWidth(query.get('width'));
    if (width === undefined) return refuse('badRequest', `The width is a number from 16 to ${largestWidth}.`);
    const at = query.get('t');
    if (at !== null && !longestPosition.test(at)) return refuse('badRequest', 't is a time in milliseconds.');
    return await this.#thumbnails.picture({ entryId, width, ...(at !== null && { atMs: Number(at) }) });
  }
}
