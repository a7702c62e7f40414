import shaka from 'shaka-player';
import { BufferReserve } from './bufferReserve.ts';
import { LiveFollower, usualTolerance } from './liveFollower.ts';
import { isInside, orderTextTracks, textTrackChoices } from './shakaCaptions.ts';
import { measureFetches } from './measuredFetch.ts';
import type { Engine, EngineListener, Quality, StartEngine } from './engine.ts';

const ownManifest = /\/play\/\w+\/dash\/manifest\.mpd$/;
/** For what this server serves, which is at low latency while it is live. */
const ownConfiguration = {
  streaming: { rebufferingGoal: 0.4 },
  manifest: {
    // Seconds; the next segment is found the sooner after its first part is there.
    updatePeriod: 0.3,
    // Seconds behind the moment from which segments may be asked for: where to begin, and where "live" leads back to.
    defaultPresentationDelay: 0.4,
    dash: {
      ignoreSuggestedPresentationDelay: true,
      // The live edge is where the clock is, for the newest segment is listed before all of it is there.
      autoCorrectDrift: false,
      // How close to live a viewer is kept is the follower's business, which knows who has gone back in the DVR.
      manifestPreprocessorTXml: (mpd: shaka.extern.xml.Node) => {
        mpd.children = mpd.children.filter((child: { tagName?: string }) => child.tagName !== 'ServiceDescription');
      },
    },
  },
};
/** Measured by what is buffered: even a jump lands on what is there. */
const lowLatencyTolerance = { tooFarSeconds: 0.2, lostSeconds: 1.5 };
/** Most captions are replaced within this. */
const usualCaptionSeconds = 4;
/** Closer than this by the clock, only what is buffered can tell how much is too much. */
const nearSeconds = 3;

/** DASH (or HLS, where an entry has no DASH) through shaka. */
export const startShaka: StartEngine = async (video, playback, listener) => {
  shaka.polyfill.installAll();
  if (!shaka.Player.isBrowserSupported()) throw new Error('This browser cannot play here; try the other player.');
  const url = playback.dash ?? playback.hls;
  if (!url) throw new Error('This entry has no DASH or HLS address.');
  measureFetches();
  const player = new shaka.Player();
  await player.attach(video);
  player.configure({
    streaming: { bufferBehind: 120, bufferingGoal: 20, rebufferingGoal: 1 },
    manifest: { dash: { ignoreMinBufferTime: true } },
  });
  if (ownManifest.test(new URL(url, location.href).pathname)) player.configure(ownConfiguration);
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
  readonly #reserve = new BufferReserve();
  readonly #listeners = new AbortController();
  /** Label of the text that is shown: manifests that are read anew bring other tracks. */
  #shownText: string | undefined;

  constructor(player: shaka.Player, video: HTMLVideoElement, listener: EngineListener) {
    this.#player = player;
    this.#video = video;
    const { signal } = this.#listeners;
    // Before the follower asks where a seek leads: what was buffered says nothing about that.
    video.addEventListener('seeking', () => this.#reserve.forget(), { signal });
    const behindSeconds = () => (this.live ? this.#behindSeconds - this.#textDelaySeconds : Number.NaN);
    this.#follower = new LiveFollower(video, behindSeconds, () =>
      this.#isLowLatency ? lowLatencyTolerance : usualTolerance,
    );
    video.addEventListener('timeupdate', () => this.#lookAhead(), { signal });
    const changed = () => listener.choicesChanged();
    for (const event of ['trackschanged', 'adaptation', 'variantchanged', 'texttrackvisibility', 'loaded']) {
      player.addEventListener(event, changed);
    }
    player.addEventListener('manifestupdated', () => {
      // Segments are complete by now. Appended piece by piece, the last one might come after the end has been declared.
      if (!this.live) player.configure('streaming.lowLatencyMode', false);
    });
    player.addEventListener('buffering', (event) => {
      const { buffering } = event as unknown as { buffering: boolean };
      if (buffering && !video.seeking) this.#reserve.heldUp(performance.now());
    });
    player.addEventListener('error', (event) => {
      const { detail } = event as unknown as { detail: shaka.util.Error };
      if (detail.severity === shaka.util.Error.Severity.CRITICAL) listener.failed(describe(detail));
    });
  }

  get live(): boolean {
    return this.#player.isLive();
  }

  get #isLowLatency(): boolean {
    return this.#player.getManifest()?.isLowLatency ?? false;
  }

  /** By the clock, until what is buffered tells it better. */
  get #behindSeconds(): number {
    const byClock = this.#edge - this.#video.currentTime;
    if (!this.#isLowLatency) return byClock;
    return this.#reserve.behindSeconds(performance.now()) ?? (byClock < nearSeconds ? 0 : byClock);
  }

  #lookAhead(): void {
    const { buffered, currentTime, seeking, paused } = this.#video;
    if (seeking || paused) return;
    let aheadSeconds = 0;
    for (let index = 0; index < buffered.length; index++) {
      if (buffered.start(index) <= currentTime) aheadSeconds = Math.max(0, buffered.end(index) - currentTime);
    }
    this.#reserve.sample(performance.now(), aheadSeconds);
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
    return textTrackChoices(this.#player.getTextTracks());
  }

  get shownTextTrack(): number | undefined {
    return this.textTracks.find(({ label }) => label === this.#shownText)?.id;
  }

  selectTextTrack(id: number | undefined): void {
    const before = this.#textDelaySeconds;
    this.#shownText = this.textTracks.find((choice) => choice.id === id)?.label;
    this.#player.selectTextTrack(this.#shownTrack ?? null);
    this.#follower.shift(this.#textDelaySeconds - before);
  }

  get #shownTrack(): shaka.extern.TextTrack | undefined {
    const id = this.shownTextTrack;
    return id === undefined ? undefined : orderTextTracks(this.#player.getTextTracks())[id];
  }

  /**
   * The text of a segment comes when the segment is complete, and what is inside the picture is shown by shaka once it
   * knows when it ends: at low latency, who reads captions watches later.
   */
  get #textDelaySeconds(): number {
    const shown = this.#shownTrack;
    if (!this.#isLowLatency || !shown) return 0;
    const segmentSeconds = this.#player.getManifest()?.presentationTimeline.getMaxSegmentDuration() ?? 0;
    return isInside(shown) ? usualCaptionSeconds : segmentSeconds;
  }

  get livePosition(): number {
    return this.#edge - this.#textDelaySeconds;
  }

  get #edge(): number {
    const { end } = this.#player.seekRange();
    return Math.min(end, this.#video.seekable.length > 0 ? this.#video.seekable.end(0) : end);
  }

  wallClockAt(seconds: number): number | undefined {
    const start = this.#player.getPresentationStartTimeAsDate();
    return start ? start.getTime() + seconds * 1000 : undefined;
  }

  async destroy(): Promise<void> {
    this.#listeners.abort();
    this.#follower.close();
    await this.#player.destroy();
  }
}

function toQuality(track: shaka.extern.Track): Quality {
  return { id: track.id, height: track.height ?? 0, bitrateBps: track.bandwidth };
}
