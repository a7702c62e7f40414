import { isRefusal, refuse, type Refusal } from '../../errors.ts';
import type { VideoTrack } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { chooseRendition } from './chooseRendition.ts';
import { keyFrameAt, readFrame } from './frame.ts';
import { frameTask, resizeTask } from './frameTasks.ts';
import type { Picture } from './picture.ts';
import type { PictureMaker } from './pictureMaker.ts';
import type { PlayingTimelines } from './playingTimelines.ts';
import type { Posters } from './posters.ts';
import { extentOf, stretchAt, type Extent, type Stretch } from './stretch.ts';

export interface ThumbnailRequest {
  readonly entryId: string;
  /** From the start of what the entry plays now; without it, what stands for the entry as a whole. */
  readonly atMs?: number;
  /** One of those that `roundWidth` answers. */
  readonly width: number;
}

const jpeg = 'image/jpeg';
/** As long as a key frame stands for "now". */
const liveMaxAgeSeconds = 5;
const maxAgeSeconds = 300;
/** Broadcasts and films seldom begin with what they are about. */
const representativeShare = 0.1;

/** One frame of an entry as a JPEG, at any time of what it plays, or the picture that stands for it. */
export class Thumbnails {
  readonly #maker: PictureMaker;
  readonly #posters: Posters;
  readonly #timelines: PlayingTimelines;

  constructor(parts: { maker: PictureMaker; posters: Posters; timelines: PlayingTimelines }) {
    this.#maker = parts.maker;
    this.#posters = parts.posters;
    this.#timelines = parts.timelines;
  }

  async picture({ entryId, atMs, width }: ThumbnailRequest): Promise<Picture | Refusal> {
    if (atMs === undefined && this.#posters.version(entryId)) return await this.#poster(entryId, width);
    const timeline = await this.#timelines.playing(entryId);
    const extent = timeline && extentOf(timeline);
    if (!timeline || !extent) return refuse('noPicture');
    if (atMs !== undefined) return await this.#frame(timeline, extent, atMs, width);
    return timeline.ended ? await this.#representative(timeline, extent, width) : await this.#newest(timeline, width);
  }

  async #poster(entryId: string, width: number): Promise<Picture | Refusal> {
    const version = this.#posters.version(entryId);
    const made = await this.#maker.obtain({
      entryId,
      key: `poster ${version} ${width}`,
      suffix: 'jpg',
      keep: 'disk',
      make: async (run) => {
        const poster = await this.#posters.read(entryId);
        return poster && (await run(resizeTask(poster, width)));
      },
    });
    if (isRefusal(made)) return made;
    return { body: made.bytes, contentType: jpeg, tag: made.name, maxAgeSeconds };
  }

  /** Exactly the frame that is on the screen at that time; past the end, the last one there is. */
  async #frame(timeline: TimelineReader, extent: Extent, atMs: number, width: number): Promise<Picture | Refusal> {
    const positionMs = Math.min(extent.startMs + atMs, Math.max(extent.startMs, Math.ceil(extent.endMs) - 1));
    const stretch = stretchAt(timeline, positionMs + 1);
    const track = stretch && chooseRendition(stretch, width);
    if (!stretch || !track) return refuse('noPicture');
    return await this.#make(timeline, stretch, track, positionMs, width, {
      keep: 'disk',
      maxAgeSeconds: timeline.ended ? maxAgeSeconds : liveMaxAgeSeconds,
    });
  }

  async #representative(timeline: TimelineReader, extent: Extent, width: number): Promise<Picture | Refusal> {
    const positionMs = extent.startMs + (extent.endMs - extent.startMs) * representativeShare;
    return await this.#keyFrame(timeline, positionMs, width, { keep: 'disk', maxAgeSeconds });
  }

  /** As new as a complete segment is; kept in memory, as the next one takes its place. */
  async #newest(timeline: TimelineReader, width: number): Promise<Picture | Refusal> {
    const positionMs = timeline.segments.at(-1)?.startMs ?? extentOf(timeline)?.endMs ?? 0;
    return await this.#keyFrame(timeline, positionMs, width, { keep: 'memory', maxAgeSeconds: liveMaxAgeSeconds });
  }

  async #keyFrame(
    timeline: TimelineReader,
    positionMs: number,
    width: number,
    keeping: Keeping,
  ): Promise<Picture | Refusal> {
    const stretch = stretchAt(timeline, positionMs);
    const track = stretch && chooseRendition(stretch, width);
    const keyFrame = stretch && track && keyFrameAt(stretch, track, positionMs);
    if (!stretch || !track || !keyFrame) return refuse('noPicture');
    return await this.#make(timeline, stretch, track, Math.floor(keyFrame.startMs), width, keeping);
  }

  async #make(
    timeline: TimelineReader,
    stretch: Stretch,
    track: VideoTrack,
    positionMs: number,
    width: number,
    { keep, maxAgeSeconds: seconds }: Keeping,
  ): Promise<Picture | Refusal> {
    const made = await this.#maker.obtain({
      entryId: timeline.entryId,
      key: `frame ${timeline.id} ${stretch.sequence} ${Math.round(positionMs)} ${width}`,
      suffix: 'jpg',
      keep,
      make: async (run) => {
        const frame = await readFrame(timeline, stretch, track, positionMs);
        return frame && (await run(frameTask(frame, width)));
      },
    });
    return isRefusal(made) ? made : { body: made.bytes, contentType: jpeg, tag: made.name, maxAgeSeconds: seconds };
  }
}

interface Keeping {
  readonly keep: 'disk' | 'memory';
  readonly maxAgeSeconds: number;
}
