import type { TimelineReader } from '../../segments/timelineReader.ts';
import { manifestBody } from '../manifestBody.ts';
import type { Manifest } from '../packager.ts';
import { SeenTracks } from '../seenTracks.ts';
import { masterPlaylist } from './masterPlaylist.ts';
import { MediaPlaylist } from './mediaPlaylist.ts';
import { TrackRates } from './trackRates.ts';

const contentType = 'application/vnd.apple.mpegurl';

interface Made {
  readonly version: number;
  readonly manifest: Manifest;
}

/** The playlists of one timeline, each made at most once per version. */
export class HlsManifests {
  readonly #timeline: TimelineReader;
  readonly #rates = new TrackRates();
  readonly #tracks: SeenTracks;
  readonly #playlists = new Map<string, { readonly playlist: MediaPlaylist; made?: Made }>();
  #master: Made | undefined;

  constructor(timeline: TimelineReader) {
    this.#timeline = timeline;
    this.#tracks = new SeenTracks(timeline);
  }

  master(): Manifest {
    this.#tracks.learn();
    const { version } = this.#timeline;
    if (this.#master?.version !== version) {
      this.#rates.update(this.#timeline);
      // Only what is being sent now: a player waits for ever for audio (or video) that a period does not have.
      const tracks = this.#timeline.periods.at(-1)?.tracks ?? [];
      const text = masterPlaylist({
        video: tracks.filter((track) => track.kind === 'video'),
        audio: tracks.filter((track) => track.kind === 'audio'),
        independent: this.#rates.independent,
        measured: (trackId) => this.#rates.of(trackId),
      });
      this.#master = { version, manifest: manifestBody(Buffer.from(text, 'latin1'), contentType, this.#timeline) };
    }
    return this.#master.manifest;
  }

  /** Undefined when there has been no such track. */
  media(trackId: string): Manifest | undefined {
    const track = this.#tracks.get(trackId);
    if (!track) return undefined;
    let entry = this.#playlists.get(trackId);
    if (!entry) this.#playlists.set(trackId, (entry = { playlist: new MediaPlaylist(this.#timeline) }));
    const { version } = this.#timeline;
    if (entry.made?.version !== version) {
      const body = entry.playlist.update(this.#timeline, track);
      entry.made = { version, manifest: manifestBody(body, contentType, this.#timeline) };
    }
    return entry.made.manifest;
  }
}
