import type { TrackWithInit } from '../segments/segmentStore.ts';
import type { TrackFiller } from './trackFiller.ts';

interface PastTrack {
  readonly track: TrackWithInit;
  readonly filler: TrackFiller;
}

/**
 * The tracks that a timeline's latest period has of each kind. A publisher that comes back without its camera, or
 * without its microphone, gets them filled: players cannot go on with less than they began with.
 */
export class PastTracks {
  #tracks: readonly PastTrack[] = [];

  /** Those of kinds that the source has not. */
  missing(present: ReadonlySet<'video' | 'audio'>): {
    readonly tracks: readonly TrackWithInit[];
    readonly fillers: ReadonlyMap<string, TrackFiller>;
  } {
    const missing = this.#tracks.filter(({ filler }) => !present.has(filler.init.kind) && filler.isAble);
    return {
      tracks: missing.map(({ track }) => track),
      fillers: new Map(missing.map(({ track, filler }) => [track.id, filler])),
    };
  }

  /** A period of these has begun. */
  remember(tracks: readonly TrackWithInit[], fillers: ReadonlyMap<string, TrackFiller>): void {
    const kinds = new Set(tracks.map(({ kind }) => kind));
    this.#tracks = [
      ...this.#tracks.filter(({ track }) => !kinds.has(track.kind)),
      ...tracks.flatMap((track) => {
        const filler = fillers.get(track.id);
        return filler ? [{ track, filler }] : [];
      }),
    ];
  }
}
