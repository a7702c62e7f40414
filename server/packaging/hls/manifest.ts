import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { manifestBody } from '../manifestBody.ts';
import type { Manifest } from '../packager.ts';
import { SeenTracks } from '../seenTracks.ts';
import { createIframePlaylist } from './iframePlaylist.ts';
import type { ListPlaylist } from './listPlaylist.ts';
import { masterPlaylist } from './masterPlaylist.ts';
import { MediaPlaylist } from './mediaPlaylist.ts';
import { Presentation } from './presentation.ts';
import { createSubtitlePlaylist } from './subtitlePlaylist.ts';
import { TrackRates } from './trackRates.ts';

const contentType = 'application/vnd.apple.mpegurl';

interface Made {
  /** Of the timeline's growth, or version. */
  readonly of: string;
  readonly manifest: Manifest;
}

/** The playlists of one timeline, each made at most once for each step of its growth. */
export class HlsManifests {
  readonly #timeline: TimelineReader;
  readonly #rates = new TrackRates();
  readonly #tracks: SeenTracks;
  readonly #playlists = new Map<string, MediaPlaylist>();
  /** Of key frames and of text, by name. */
  readonly #lists = new Map<string, ListPlaylist>();
  readonly #made = new Map<string, Made>();
  readonly #presentation: Presentation;
  #grows = false;

  constructor(timeline: TimelineReader) {
    this.#timeline = timeline;
    this.#tracks = new SeenTracks(timeline);
    this.#presentation = new Presentation(timeline);
  }

  /** Segments are shown while they are written, or have been: between two of them nothing may be growing. */
  get lowLatency(): boolean {
    const { ended, growing } = this.#timeline;
    this.#grows ||= growing.length > 0;
    return this.#grows && !ended;
  }

  master(): Manifest {
    this.#tracks.learn();
    return this.#once('master', String(this.#timeline.version), () => {
      this.#rates.update(this.#timeline);
      // Only what is being sent now: a player waits for ever for audio (or video) that a period does not have.
      const tracks = this.#latestTracks();
      const text = masterPlaylist({
        video: tracks.filter((track) => track.kind === 'video'),
        audio: tracks.filter((track) => track.kind === 'audio'),
        text: tracks.filter((track) => track.kind === 'text'),
        independent: this.#rates.independent,
        measured: (trackId) => this.#rates.of(trackId),
      });
      return Buffer.from(text);
    });
  }

  /** Undefined when there has been no such track. */
  playlist(trackId: string): MediaPlaylist | undefined {
    const track = this.#tracks.get(trackId);
    if (!track) return undefined;
    let playlist = this.#playlists.get(trackId);
    if (!playlist) {
      playlist = new MediaPlaylist(this.#timeline, this.#presentation, track);
      this.#playlists.set(trackId, playlist);
    }
    this.#presentation.update();
    playlist.update(track);
    return playlist;
  }

  /** Undefined when there has been no such track. `skip`: a delta update will do. */
  media(trackId: string, skip: boolean): Manifest | undefined {
    const playlist = this.playlist(trackId);
    if (!playlist) return undefined;
    if (this.isText(trackId)) {
      return this.#list(trackId, createSubtitlePlaylist, this.#tracks.get(trackId)!, skip, trackId);
    }
    return this.#step(
      trackId,
      skip,
      () => playlist.plain(),
      () => playlist.lowLatency(skip),
    );
  }

  /** Undefined when there has been no such video track. */
  iframes(trackId: string, skip: boolean): Manifest | undefined {
    const track = this.#tracks.get(trackId);
    return track?.kind === 'video' ? this.#list(`${trackId} iframes`, createIframePlaylist, track, skip) : undefined;
  }

  isText(trackId: string): boolean {
    return this.#tracks.get(trackId)?.kind === 'text';
  }

  /** `ownId`: where it is the playlist of the track itself. */
  #list(
    name: string,
    create: (timeline: TimelineReader) => ListPlaylist,
    track: Track,
    skip: boolean,
    ownId?: string,
  ): Manifest {
    let playlist = this.#lists.get(name);
    if (!playlist) this.#lists.set(name, (playlist = create(this.#timeline)));
    this.#presentation.update();
    playlist.update(track);
    return this.#step(
      name,
      skip,
      () => playlist.plain(this.#presentation),
      () => playlist.lowLatency(this.#presentation, skip, ownId),
    );
  }

  #step(name: string, skip: boolean, plain: () => Buffer, lowLatency: () => Buffer): Manifest {
    const { growth, version } = this.#timeline;
    if (!this.lowLatency) return this.#once(name, `version ${version}`, plain);
    return this.#once(`${name} ${skip ? 'delta' : 'whole'}`, `growth ${growth}`, lowLatency);
  }

  #latestTracks(): readonly Track[] {
    return this.#timeline.periods.at(-1)?.tracks ?? [];
  }

  #once(name: string, of: string, make: () => Buffer): Manifest {
    let made = this.#made.get(name);
    if (made?.of !== of) {
      made = { of, manifest: manifestBody(make(), contentType, this.#timeline) };
      this.#made.set(name, made);
    }
    return made.manifest;
  }
}
