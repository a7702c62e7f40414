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
  readonly #rates: TrackRates;
  readonly #tracks: SeenTracks;
  readonly #playlists = new Map<string, MediaPlaylist>();
  /** Of key frames and of text, by name. */
  readonly #lists = new Map<string, ListPlaylist>();
  readonly #made = new Map<string, Made>();
  readonly #presentation: Presentation;
  #grows = false;

  /** `rates`: of all that the timeline may be a part of. */
  constructor(timeline: TimelineReader, rates: TrackRates) {
    this.#timeline = timeline;
    this.#rates = rates;
    this.#tracks = new SeenTracks(timeline);
    this.#presentation = new Presentation(timeline);
  }

  /** Segments are shown while they are written, or have been: between two of them nothing may be growing. */
  get lowLatency(): boolean {
    const { ended, growing } = this.#timeline;
    this.#grows ||= growing.length > 0;
    return this.#grows && !ended;
  }

  /**
   * Takes over some of what is new for a playlist: whether there is more, for the next turn. What is asked for before that is
   * made at once. The timeline must have a segment.
   */
  takeOver(name: string, iframes: boolean): boolean {
    if (this.#timeline.segments.length === 0) return false;
    if (name === 'master' && !iframes) return this.#rates.takeOver();
    const track = this.#tracks.get(name);
    if (!track || (iframes && track.kind !== 'video')) return false;
    const list = iframes
      ? this.#listOf(`${name} iframes`, createIframePlaylist)
      : track.kind === 'text' && this.#listOf(name, createSubtitlePlaylist);
    const more = list && list.takeOver(track);
    // Reloads of lists, too, are judged by the media playlist.
    return ((!list || this.lowLatency) && this.#playlistOf(track).takeOver(track)) || more;
  }

  master(): Manifest {
    this.#tracks.learn();
    return this.#once('master', String(this.#timeline.version), () => {
      this.#rates.update();
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
    const playlist = this.#playlistOf(track);
    this.#presentation.update();
    playlist.update(track);
    return playlist;
  }

  /** Undefined when there has been no such track. `skip`: a delta update will do. */
  media(trackId: string, skip: boolean): Manifest | undefined {
    const track = this.#tracks.get(trackId);
    if (track?.kind === 'text') return this.#list(trackId, createSubtitlePlaylist, track, skip, trackId);
    const playlist = this.playlist(trackId);
    if (!playlist) return undefined;
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

  #playlistOf(track: Track): MediaPlaylist {
    let playlist = this.#playlists.get(track.id);
    if (!playlist) {
      playlist = new MediaPlaylist(this.#timeline, this.#presentation, track);
      this.#playlists.set(track.id, playlist);
    }
    return playlist;
  }

  #listOf(name: string, create: (timeline: TimelineReader) => ListPlaylist): ListPlaylist {
    let playlist = this.#lists.get(name);
    if (!playlist) this.#lists.set(name, (playlist = create(this.#timeline)));
    return playlist;
  }

  /** `ownId`: where it is the playlist of the track itself. */
  #list(
    name: string,
    create: (timeline: TimelineReader) => ListPlaylist,
    track: Track,
    skip: boolean,
    ownId?: string,
  ): Manifest {
    const playlist = this.#listOf(name, create);
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
