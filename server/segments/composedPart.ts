import type { Period, Segment } from '../media/timeline.ts';
import type { Track } from '../media/track.ts';
import type { StoredTrackSegment } from './packTracks.ts';
import type { MediaFiles, StoredPeriod } from './storedPeriod.ts';
import type { StoredSegment } from './storedSegment.ts';
import type { Timeline } from './timeline.ts';

/** A range of a composition as it is stored. */
export interface PartSource {
  readonly timelineId: string;
  readonly files: MediaFiles;
  /** Sequence and period index of the first segment it has, or will have. */
  readonly firstSequence: number;
  readonly firstPeriod: number;
  /** It begins where its timeline did. */
  readonly fromStart: boolean;
  readonly segments: readonly StoredSegment[];
  /** By folder. */
  readonly periods: ReadonlyMap<number, StoredPeriod>;
  readonly targetDurationSeconds: number;
  /** What it grows with. */
  readonly live?: Timeline;
}

export interface PartPeriod {
  /** Its index in the stored timeline. */
  readonly ownIndex: number;
  readonly stored: StoredPeriod;
  readonly period: Period;
}

/** Numbers and times of a part in its composition. */
interface Placement {
  readonly firstSequence: number;
  readonly firstPeriod: number;
  /** Position where the part before ends, by track, and altogether; undefined for the first part. */
  readonly follows?: PartEnd;
}

export interface PartEnd {
  readonly endMs: number;
  readonly trackEndsMs: ReadonlyMap<string, number>;
  /** Unix ms of position 0, by the last segment. */
  readonly epochMs: number;
  /** Of the last period. */
  readonly tracks: readonly Track[];
}

/** Between the end of a track and its going on, less than this is no hole: times are whole milliseconds in some sources. */
const seamMs = 5;
/** What was on air later, or earlier, is not what goes on. */
const clockMs = 100;

/** What is known of a period's first segment, whole or not. */
type PartStart = Pick<Segment, 'startMs'> & Partial<Pick<Segment, 'wallClockMs' | 'tracks'>>;

/** Whole segments of one stored timeline in a composition: the same media, under other numbers and at another time. */
export class ComposedPart {
  readonly source: PartSource;
  /** Of its first segment, in the composition. */
  readonly firstSequence: number;
  readonly firstPeriod: number;
  readonly stored: StoredSegment[] = [];
  readonly periods: PartPeriod[] = [];
  readonly #follows: PartEnd | undefined;
  #offsetMs = 0;

  constructor(source: PartSource, { firstSequence, firstPeriod, follows }: Placement) {
    this.source = source;
    this.firstSequence = firstSequence;
    this.firstPeriod = firstPeriod;
    this.#follows = follows;
  }

  /** What positions are moved by; not known before the first segment of a part that follows another. */
  get offsetMs(): number | undefined {
    return this.#follows && this.stored.length === 0 ? undefined : this.#offsetMs;
  }

  /** Numbers and times are the stored timeline's own. */
  get unmoved(): boolean {
    const { firstSequence, firstPeriod } = this.source;
    return this.#offsetMs === 0 && this.firstSequence === firstSequence && this.firstPeriod === firstPeriod;
  }

  /** Ticks that media times are moved by. Rounded up, so that no track overlaps itself where parts meet. */
  movedTicks(timescale: number): number {
    return Math.ceil((this.#offsetMs * timescale) / 1000 - 1e-6);
  }

  /** Takes the next segment; returns it as the composition shows it. */
  add(stored: StoredSegment, storedPeriod: StoredPeriod): Segment {
    const { segment } = stored;
    if (this.stored.length === 0 && this.#follows)
      this.#offsetMs = followingOffsetMs(this.#follows, stored, storedPeriod);
    const sequence = this.firstSequence + this.stored.length;
    this.stored.push(stored);
    let current = this.periods.at(-1);
    if (current?.ownIndex !== segment.period) {
      current = this.#period(segment.period, storedPeriod, segment);
      this.periods.push(current);
    }
    const period = current.period.index;
    if (this.#offsetMs === 0 && sequence === segment.sequence && period === segment.period) return segment;
    return {
      ...segment,
      sequence,
      period,
      startMs: segment.startMs + this.#offsetMs,
      tracks: this.#offsetMs === 0 ? segment.tracks : this.#movedTracks(segment, storedPeriod.tracks),
    };
  }

  /** A period of the stored timeline as the composition shows it, whether or not a segment of it is there yet. */
  periodOf(ownIndex: number, stored: StoredPeriod, startMs: number): Period {
    const last = this.periods.at(-1);
    return last?.ownIndex === ownIndex ? last.period : this.#period(ownIndex, stored, { startMs }).period;
  }

  /** Where the next part may begin; undefined when it has no segment. */
  get end(): PartEnd | undefined {
    const last = this.stored.at(-1);
    if (!last) return this.#follows;
    const { segment } = last;
    const trackEndsMs = new Map<string, number>();
    for (const { id, timescale, startMs, durationMs } of timesOf(segment, this.periods.at(-1)!.stored.tracks))
      trackEndsMs.set(id, startMs + durationMs + (this.movedTicks(timescale) * 1000) / timescale);
    const endMs = Math.max(segment.startMs + segment.durationMs + this.#offsetMs, ...trackEndsMs.values());
    const epochMs = segment.wallClockMs - segment.startMs - this.#offsetMs;
    return { endMs, trackEndsMs, epochMs, tracks: this.periods.at(-1)!.stored.tracks };
  }

  #period(ownIndex: number, stored: StoredPeriod, first: PartStart): PartPeriod {
    const before = this.periods.at(-1);
    // Its own where it is the first part, as a broadcast may go on with the period before or with a new one.
    const firstIndex = this.#follows ? this.firstPeriod : this.firstPeriod + ownIndex - this.source.firstPeriod;
    const index = before ? before.period.index + ownIndex - before.ownIndex : firstIndex;
    // A range may begin within a period.
    const cut = !before && !(this.source.fromStart && !this.#follows);
    const startMs = (cut ? Math.max(stored.startMs, first.startMs) : stored.startMs) + this.#offsetMs;
    const seamless = !before && this.#isSeamless(first, stored.tracks);
    return { ownIndex, stored, period: { index, startMs, tracks: stored.tracks, ...(seamless && { seamless }) } };
  }

  /** Whether its first segment goes on where what it follows ends, in every track. */
  #isSeamless(first: PartStart, tracks: readonly Track[]): boolean {
    const follows = this.#follows;
    const { startMs, wallClockMs = NaN, tracks: media = {} } = first;
    if (!follows || follows.tracks.length !== tracks.length) return false;
    if (!(Math.abs(wallClockMs - startMs - this.#offsetMs - follows.epochMs) < clockMs)) return false;
    return tracks.every((track) => {
      const before = follows.tracks.find(({ id }) => id === track.id);
      if (!before || !isOfOneForm(before, track)) return false;
      if (track.kind === 'text') return true;
      const [endMs, own] = [follows.trackEndsMs.get(track.id), media[track.id]];
      if (endMs === undefined || !own) return endMs === undefined && !own;
      return Math.abs((own.startTicks * 1000) / track.timescale + this.#offsetMs - endMs) < seamMs;
    });
  }

  #movedTracks({ tracks }: Segment, known: readonly Track[]): Segment['tracks'] {
    const moved: Record<string, StoredTrackSegment> = {};
    for (const { id, timescale } of known)
      if (Object.hasOwn(tracks, id)) moved[id] = (tracks[id] as StoredTrackSegment).movedBy(this.movedTicks(timescale));
    return moved;
  }
}

/** Decoders and buffers go on with it as they are, given new parameters. */
function isOfOneForm(a: Track, b: Track): boolean {
  if (a.kind !== b.kind || a.timescale !== b.timescale) return false;
  if (a.kind === 'video' && b.kind === 'video') return a.width === b.width && a.height === b.height;
  return a.kind !== 'audio' || b.kind !== 'audio' || (a.sampleRate === b.sampleRate && a.channels === b.channels);
}

/** The least that puts a part behind another without any track beginning before it has ended. */
function followingOffsetMs(
  { endMs, trackEndsMs }: PartEnd,
  { segment }: StoredSegment,
  { tracks }: StoredPeriod,
): number {
  const times = timesOf(segment, tracks);
  const common = times.filter(({ id }) => trackEndsMs.has(id));
  if (common.length > 0) return Math.max(...common.map(({ id, startMs }) => trackEndsMs.get(id)! - startMs));
  return endMs - Math.min(segment.startMs, ...times.map(({ startMs }) => startMs));
}

/** Of picture and sound: texts may last longer than what they are spoken in. */
function timesOf({ tracks }: Segment, known: readonly Track[]) {
  return known.flatMap(({ id, kind, timescale }) => {
    const part = Object.hasOwn(tracks, id) ? tracks[id] : undefined;
    if (!part || (kind !== 'video' && kind !== 'audio')) return [];
    const toMs = (ticks: number) => (ticks * 1000) / timescale;
    return [{ id, timescale, startMs: toMs(part.startTicks), durationMs: toMs(part.durationTicks) }];
  });
}
