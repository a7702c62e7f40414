import type { Track } from '../../media/track.ts';
import { playableTrack } from '../../media/playableTrack.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { durationTicksOf, growingEntries, playlistEnd, type PlaylistEnd } from './growth.ts';
import { PartTargets } from './partTargets.ts';
import { renditionReports } from './renditionReports.ts';
import { decimalSeconds } from './tags.ts';

/** In target durations; the least that RFC 8216bis 4.4.3.8 allows. */
const holdBack = 3;
const skipBoundary = 6;
/** In the longest part target of all tracks. */
const partHoldBack = 3;

/** What all playlists of a broadcast say alike, and what each says of the others. */
export class Presentation {
  readonly #timeline: TimelineReader;
  readonly #partTargets: PartTargets;
  #growth = -1;
  #targetSeconds = 1;
  #ends: ReadonlyMap<string, PlaylistEnd> | undefined;

  constructor(timeline: TimelineReader) {
    this.#timeline = timeline;
    this.#partTargets = new PartTargets(timeline);
  }

  /** Takes over what is new. The timeline must have a segment. */
  update(): void {
    const { growth, targetDurationSeconds, ended } = this.#timeline;
    if (growth === this.#growth) return;
    this.#growth = growth;
    this.#ends = undefined;
    this.#targetSeconds = Math.max(this.#targetSeconds, targetDurationSeconds, ...this.#growingSeconds());
    if (!ended) this.#partTargets.update();
  }

  /**
   * EXT-X-TARGETDURATION. It must not change (RFC 8216bis 6.2.1), and does not while key frames come as they did.
   * Should they come later, it rises: segments begin with key frames, and one that is longer than what is announced would
   * be worse.
   */
  get targetSeconds(): number {
    return this.#targetSeconds;
  }

  /** In seconds from the end of a playlist: what a delta update need not repeat. */
  get skipBoundarySeconds(): number {
    return skipBoundary * this.#targetSeconds;
  }

  get partHoldBackSeconds(): number {
    return partHoldBack * Math.max(this.#partTargets.of('video'), this.#partTargets.of('audio'));
  }

  /** Of a track that has parts. */
  partTargetSeconds({ kind }: Track): number {
    return this.#partTargets.of(kind === 'video' ? 'video' : 'audio');
  }

  /** Position of the first complete segment whose parts may be listed. */
  get partsFrom(): number {
    return this.#partTargets.from;
  }

  /** The same in all playlists (RFC 8216bis 4.4.3.8). */
  get control(): string {
    const partSeconds = decimalSeconds(this.partHoldBackSeconds);
    return `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${partSeconds},HOLD-BACK=${holdBack * this.#targetSeconds},CAN-SKIP-UNTIL=${this.skipBoundarySeconds}\n`;
  }

  /** Where the playlists of all tracks but `trackId` end. */
  reports(trackId?: string): string {
    this.#ends ??= this.#currentEnds();
    return renditionReports(this.#ends, trackId);
  }

  #currentEnds(): Map<string, PlaylistEnd> {
    const timeline = this.#timeline;
    const lastPeriod = timeline.periods.at(-1)!;
    const wholeOnly = { sequence: timeline.segments.at(-1)!.sequence, part: -1 };
    const endOf = (track: Track) =>
      track.kind === 'text'
        ? wholeOnly
        : playlistEnd(timeline, growingEntries(timeline, track), playableTrack(lastPeriod, track));
    return new Map(lastPeriod.tracks.map((track) => [track.id, endOf(track)]));
  }

  /** Rounded: what a track has gone on from is listed before its segment is complete. */
  #growingSeconds(): number[] {
    return this.#timeline.growing.flatMap(({ period, fragments }) =>
      period.tracks.map(({ id, timescale }) => {
        const parts = fragments.get(id) ?? [];
        return parts.length > 0 ? Math.round(durationTicksOf(parts) / timescale) : 0;
      }),
    );
  }
}
