import { Events, type default as HlsJs, type MediaPlaylist } from 'hls.js';
import { channelLabel } from './captionLabel.ts';
import type { TextTrackChoice } from './engine.ts';

/** Ids of what is inside the picture come behind those of the subtitles, which are their places. */
const firstChannelId = 1000;

/** Both kinds of captions that hls.js knows: text tracks, and those of line 21 that it finds inside the picture. */
export class HlsjsCaptions {
  readonly #hls: HlsJs;
  readonly #video: HTMLVideoElement;
  /** As the master playlist announces them. */
  #channels: readonly MediaPlaylist[] = [];
  #shownChannel: MediaPlaylist | undefined;

  constructor(hls: HlsJs, video: HTMLVideoElement) {
    this.#hls = hls;
    this.#video = video;
    hls.on(Events.MANIFEST_LOADED, (_event, { captions }) => {
      // It reads no digital ones.
      this.#channels = (captions ?? []).filter(({ instreamId }) => instreamId?.startsWith('CC'));
    });
    // Their tracks come with the first text.
    video.textTracks.addEventListener('addtrack', this.#showChannel);
  }

  get choices(): readonly TextTrackChoice[] {
    const named = this.#hls.subtitleTracks.map(({ name, lang }, id) => ({
      id,
      label: name || lang || `Text ${id + 1}`,
    }));
    const channels = this.#channels.map(({ name, instreamId = '' }, index) => ({
      id: firstChannelId + index,
      label: channelLabel(name, instreamId),
    }));
    return [...named, ...channels];
  }

  get shown(): number | undefined {
    if (this.#shownChannel) return firstChannelId + this.#channels.indexOf(this.#shownChannel);
    return this.#hls.subtitleTrack < 0 ? undefined : this.#hls.subtitleTrack;
  }

  select(id: number | undefined): void {
    this.#shownChannel = id === undefined ? undefined : this.#channels[id - firstChannelId];
    const text = this.#shownChannel ? undefined : id;
    this.#hls.subtitleDisplay = text !== undefined;
    this.#hls.subtitleTrack = text ?? -1;
    this.#showChannel();
  }

  /** The text of a segment comes when the segment is complete: at low latency, who reads it watches that much later. */
  get delaySeconds(): number {
    const details = this.#hls.latestLevelDetails;
    return details?.live && details.partTarget && this.#hls.subtitleTrack >= 0 ? details.targetduration : 0;
  }

  close(): void {
    this.#video.textTracks.removeEventListener('addtrack', this.#showChannel);
  }

  readonly #showChannel = (): void => {
    const texts = new Set(this.#hls.subtitleTracks.map(({ trackNode }) => trackNode?.track));
    for (const track of this.#video.textTracks) {
      if (track.kind !== 'captions' || texts.has(track)) continue;
      const shown = this.#shownChannel;
      track.mode = shown && track.label === shown.name && track.language === (shown.lang ?? '') ? 'showing' : 'hidden';
    }
  };
}
