import { refuse, type Refusal } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Track } from '../../media/track.ts';
import type { StoredBytes, TimelineReader } from '../../segments/timelineReader.ts';
import { DownloadBytes } from './downloadBytes.ts';
import { planDownload, type DownloadPlan } from './downloadPlan.ts';
import { attachment, fileName } from './fileName.ts';

export interface DownloadsParts {
  /** What an entry plays now. */
  readonly playing: (entryId: string) => Promise<TimelineReader | undefined>;
  /** Undefined when there is no such entry. */
  readonly nameOf: (entryId: string) => Promise<string | undefined>;
  readonly log: Logger;
}

export interface Download {
  readonly bytes: StoredBytes;
  readonly contentType: string;
  /** Content-Disposition */
  readonly disposition: string;
  /** Equal tags mean equal bytes. */
  readonly tag: string;
}

interface Planned {
  readonly tag: string;
  readonly plan: Promise<DownloadPlan>;
}

/** What is listed of a movie of two hours takes some megabytes. */
const mostPlans = 6;

/** Entries as MP4 files that play while they come: made of what is stored while they are sent, kept nowhere. */
export class Downloads {
  readonly #parts: DownloadsParts;
  /** Asked for last comes last. */
  #planned: Planned[] = [];

  constructor(parts: DownloadsParts) {
    this.#parts = parts;
  }

  /** `flavor`: a track; the source's picture with the sound where it is not said. */
  async find({ entryId, flavor }: { entryId: string; flavor: string | undefined }): Promise<Download | Refusal> {
    const [timeline, name] = await Promise.all([this.#parts.playing(entryId), this.#parts.nameOf(entryId)]);
    if (name === undefined) return refuse('entryNotFound');
    if (!timeline || timeline.segments.length === 0) return refuse('notLive');
    if (!timeline.ended) return refuse('downloadUnfinished');
    const tracks = chooseTracks(timeline, flavor);
    const [first] = tracks;
    if (!first) return refuse('trackNotFound');
    const tag = `${timeline.id}-${timeline.version}-${first.id}`;
    try {
      const plan = await this.#plan(tag, timeline, tracks);
      const file = fileName(name, describe(first), first.kind === 'video' ? 'mp4' : 'm4a');
      return {
        bytes: new DownloadBytes(timeline, plan),
        contentType: `${first.kind}/mp4`,
        disposition: attachment(file),
        tag,
      };
    } catch (error) {
      this.#parts.log.error({ err: error, entryId }, 'a download could not be put together');
      return refuse('segmentNotFound');
    }
  }

  async #plan(tag: string, timeline: TimelineReader, tracks: readonly Track[]): Promise<DownloadPlan> {
    const known = this.#planned.find((planned) => planned.tag === tag);
    const planned = known ?? { tag, plan: planDownload(timeline, tracks) };
    this.#planned = [...this.#planned.filter((other) => other !== planned), planned].slice(-mostPlans);
    try {
      return await planned.plan;
    } catch (error) {
      this.#planned = this.#planned.filter((other) => other !== planned);
      throw error;
    }
  }
}

/** The flavor and, with a picture, the sound; empty when there is no such flavor. */
function chooseTracks({ periods }: TimelineReader, flavor: string | undefined): Track[] {
  const all = new Map<string, Track>();
  for (const { tracks } of periods) for (const track of tracks) if (!all.has(track.id)) all.set(track.id, track);
  const byId = [...all.values()].filter(({ kind }) => kind !== 'text').toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const video = byId.find(({ kind }) => kind === 'video');
  const wanted = flavor === undefined ? (video ?? byId[0]) : all.get(flavor);
  if (!wanted || wanted.kind === 'text') return [];
  const audio = byId.find(({ kind }) => kind === 'audio');
  return wanted.kind === 'video' && audio ? [wanted, audio] : [wanted];
}

function describe(track: Track): string {
  return track.kind === 'video' ? `${track.height}p` : 'sound';
}
