import type { Track } from '../media/track.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';

/** Every track a timeline has been seen with, as last defined: players stay on a rendition that has gone. */
export class SeenTracks {
  readonly #timeline: TimelineReader;
  readonly #isWanted: (track: Track) => boolean;
  readonly #tracks = new Map<string, Track>();
  #version = -1;
  #period = -1;

  /** `isWanted`: which tracks the format can play. */
  constructor(timeline: TimelineReader, isWanted: (track: Track) => boolean = () => true) {
    this.#timeline = timeline;
    this.#isWanted = isWanted;
  }

  get(trackId: string): Track | undefined {
    this.learn();
    return this.#tracks.get(trackId);
  }

  /** Looks now, for what may have gone before it is asked for. */
  learn(): void {
    const { version, periods } = this.#timeline;
    if (version === this.#version) return;
    this.#version = version;
    for (const { index, tracks } of periods) {
      if (index <= this.#period) continue;
      this.#period = index;
      for (const track of tracks) if (this.#isWanted(track)) this.#tracks.set(track.id, track);
    }
  }
}
