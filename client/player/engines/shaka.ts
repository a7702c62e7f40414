import shaka from 'shaka-player';
import { LiveFollower } from './liveFollower.ts';
import type { Engine, EngineListener, Quality, StartEngine } from './engine.ts';

/** DASH (or HLS, where an entry has no DASH) through shaka. */
export const startShaka: StartEngine = async (video, playback, listener) => {
  shaka.polyfill.installAll();
  if (!shaka.Player.isBrowserSupported()) throw new Error('This browser cannot play here; try the other player.');
  const url = playback.dash ?? playback.hls;
  if (!url) throw new Error('This entry has no DASH or HLS address.');
  const player = new shaka.Player();
  await player.attach(video);
  player.configure({
    streaming: { bufferBehind: 120, bufferingGoal: 20, rebufferingGoal: 1 },
    manifest: { dash: { ignoreMinBufferTime: true } },
  });
  const engine = new ShakaEngine(player, video, listener);
  try {
    await player.load(url);
  } catch (error) {
    await engine.destroy();
    throw new Error(describe(error), { cause: error });
  }
  return engine;
};

function describe(error: unknown): string {
  if (error instanceof shaka.util.Error) {
    return error.category === shaka.util.Error.Category.NETWORK
      ? 'The stream could not be loaded.'
      : `The stream could not be played (${error.code}).`;
  }
  return 'The stream could not be played.';
}

class ShakaEngine implements Engine {
  readonly name = 'shaka';
  readonly #player: shaka.Player;
  readonly #video: HTMLVideoElement;
  readonly #follower: LiveFollower;

  constructor(player: shaka.Player, video: HTMLVideoElement, listener: EngineListener) {
    this.#player = player;
    this.#video = video;
    this.#follower = new LiveFollower(video, () => (this.live ? this.livePosition - video.currentTime : Number.NaN));
    const changed = () => listener.choicesChanged();
    for (const event of ['trackschanged', 'adaptation', 'variantchanged', 'texttrackvisibility', 'loaded']) {
      player.addEventListener(event, changed);
    }
    player.addEventListener('error', (event) => {
      const { detail } = event as unknown as { detail: shaka.util.Error };
      if (detail.severity === shaka.util.Error.Severity.CRITICAL) listener.failed(describe(detail));
    });
  }

  get live(): boolean {
    return this.#player.isLive();
  }

  get qualities(): readonly Quality[] {
    return this.#player.getVariantTracks().map(toQuality);
  }

  get shownQuality(): Quality | undefined {
    const track = this.#player.getVariantTracks().find(({ active }) => active);
    return track && toQuality(track);
  }

  get automatic(): boolean {
    return this.#player.getConfiguration().abr.enabled;
  }

  selectQuality(id: number | undefined): void {
    this.#player.configure({ abr: { enabled: id === undefined } });
    const track = this.#player.getVariantTracks().find((candidate) => candidate.id === id);
    if (track) this.#player.selectVariantTrack(track, true);
  }

  get textTracks() {
    return this.#player
      .getTextTracks()
      .map(({ id, label, language }) => ({ id, label: label ?? (language || `Captions ${id}`) }));
  }

  get shownTextTrack(): number | undefined {
    return this.#player.getTextTracks().find(({ active }) => active)?.id;
  }

  selectTextTrack(id: number | undefined): void {
    const track = this.#player.getTextTracks().find((candidate) => candidate.id === id);
    this.#player.selectTextTrack(track ?? null);
  }

  get livePosition(): number {
    const { end } = this.#player.seekRange();
    return Math.min(end, this.#video.seekable.length > 0 ? this.#video.seekable.end(0) : end);
  }

  async destroy(): Promise<void> {
    this.#follower.close();
    await this.#player.destroy();
  }
}

function toQuality(track: shaka.extern.Track): Quality {
  return { id: track.id, height: track.height ?? 0, bitrateBps: track.bandwidth };
}
