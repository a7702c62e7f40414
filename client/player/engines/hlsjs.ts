import HlsJs, { ErrorTypes, Events, type ErrorData, type Level } from 'hls.js';
import { AnnouncedCaptions } from './announcedCaptions.ts';
import type { Engine, EngineListener, Quality, StartEngine } from './engine.ts';
import { endOfStream } from './endOfStream.ts';
import { HlsjsCaptions } from './hlsjsCaptions.ts';
import { LiveFollower, usualTolerance } from './liveFollower.ts';
import { partwiseCaptions } from './partwiseCaptions.ts';

/** A fatal media error within this time of the last recovery is not recovered from again. */
const recoveryPauseMs = 5000;
/** With low latency a viewer is a second or two from live; what is behind more than this is made up. */
const lowLatencyTolerance = { ...usualTolerance, tooFarSeconds: 0.3 };

/**
 * As hls.js has it, but for how often a playlist may fail to come in time: while no media come, a reload that waits for
 * them is given up within two seconds, again and again, and for as long as a publisher may stay away that is no failure.
 */
const playlistLoadPolicy = {
  default: {
    maxTimeToFirstByteMs: 10_000,
    maxLoadTimeMs: 20_000,
    timeoutRetry: { maxNumRetry: 200, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: 2, retryDelayMs: 1000, maxRetryDelayMs: 8000 },
  },
};

/** HLS through hls.js. */
export const startHlsjs: StartEngine = async (video, playback, listener) => {
  if (!playback.hls) throw new Error('This entry has no HLS address.');
  // The typings have no named isSupported.
  // oxlint-disable-next-line import/no-named-as-default-member
  if (!HlsJs.isSupported()) throw new Error('This browser cannot play HLS here; try the other player.');
  const hls = new HlsJs({
    liveDurationInfinity: true,
    lowLatencyMode: true,
    // The follower's business, which knows who has gone back in the DVR.
    maxLiveSyncPlaybackRate: 1,
    // Each time playback is held up, it stays behind by another part.
    liveSyncOnStallIncrease: 0.4,
    ...partwiseCaptions,
    ...endOfStream,
    playlistLoadPolicy,
    backBufferLength: 120,
    maxBufferLength: 30,
  });
  const engine = new HlsEngine(hls, video, listener);
  hls.attachMedia(video);
  try {
    await load(hls, playback.hls);
  } catch (error) {
    await engine.destroy();
    throw error;
  }
  return engine;
};

function load(hls: HlsJs, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    hls.once(Events.LEVEL_LOADED, () => resolve());
    hls.on(Events.ERROR, (_event, error) => {
      if (error.fatal) reject(new Error(describe(error)));
    });
    hls.loadSource(url);
  });
}

function describe(error: ErrorData): string {
  return error.type === ErrorTypes.NETWORK_ERROR
    ? 'The stream could not be loaded.'
    : `The stream could not be played (${error.details}).`;
}

class HlsEngine implements Engine {
  readonly name = 'hlsjs';
  readonly #hls: HlsJs;
  readonly #video: HTMLVideoElement;
  readonly #captions: HlsjsCaptions;
  readonly #follower: LiveFollower;
  #announced: AnnouncedCaptions | undefined;
  #lastRecoveryMs = -Infinity;

  constructor(hls: HlsJs, video: HTMLVideoElement, listener: EngineListener) {
    this.#hls = hls;
    this.#video = video;
    this.#captions = new HlsjsCaptions(hls, video);
    this.#follower = new LiveFollower(
      video,
      () => (this.live && hls.liveSyncPosition !== null ? this.livePosition - video.currentTime : Number.NaN),
      () => (hls.latestLevelDetails?.partTarget ? lowLatencyTolerance : usualTolerance),
    );
    hls.on(Events.MANIFEST_LOADED, (_event, { url, captions = [], subtitles = [] }) => {
      this.#announced = new AnnouncedCaptions(url, captions.length + subtitles.length, () => listener.outdated());
    });
    hls.on(Events.LEVEL_UPDATED, (_event, { details }) => {
      const newest = details.fragments.at(-1);
      if (details.live && newest) void this.#announced?.lookAt(newest.cc);
    });
    const changed = () => listener.choicesChanged();
    hls.on(Events.MANIFEST_PARSED, changed);
    hls.on(Events.LEVEL_LOADED, changed);
    hls.on(Events.LEVEL_SWITCHED, changed);
    hls.on(Events.SUBTITLE_TRACKS_UPDATED, changed);
    hls.on(Events.ERROR, (_event, error) => {
      if (error.fatal && !this.#recovered(error)) listener.failed(describe(error));
    });
  }

  #recovered(error: ErrorData): boolean {
    const nowMs = performance.now();
    if (error.type !== ErrorTypes.MEDIA_ERROR || nowMs - this.#lastRecoveryMs < recoveryPauseMs) return false;
    this.#lastRecoveryMs = nowMs;
    this.#hls.recoverMediaError();
    return true;
  }

  get live(): boolean {
    return this.#hls.latestLevelDetails?.live ?? false;
  }

  get qualities(): readonly Quality[] {
    return this.#hls.levels.map(toQuality);
  }

  get shownQuality(): Quality | undefined {
    const level = this.#hls.levels[this.#hls.currentLevel];
    return level && toQuality(level, this.#hls.currentLevel);
  }

  get automatic(): boolean {
    return this.#hls.autoLevelEnabled;
  }

  selectQuality(id: number | undefined): void {
    this.#hls.nextLevel = id ?? -1;
  }

  get textTracks() {
    return this.#captions.choices;
  }

  get shownTextTrack(): number | undefined {
    return this.#captions.shown;
  }

  selectTextTrack(id: number | undefined): void {
    const before = this.#captions.delaySeconds;
    this.#captions.select(id);
    this.#follower.shift(this.#captions.delaySeconds - before);
  }

  get livePosition(): number {
    const edge = this.#hls.liveSyncPosition ?? this.#video.seekable.end(Math.max(this.#video.seekable.length - 1, 0));
    return edge - this.#captions.delaySeconds;
  }

  wallClockAt(seconds: number): number | undefined {
    const fragments = this.#hls.latestLevelDetails?.fragments ?? [];
    const fragment = fragments.findLast(({ start }) => start <= seconds) ?? fragments[0];
    const date = fragment?.programDateTime;
    return fragment && date ? date + (seconds - fragment.start) * 1000 : undefined;
  }

  destroy(): Promise<void> {
    this.#follower.close();
    this.#captions.close();
    this.#announced?.close();
    this.#hls.destroy();
    return Promise.resolve();
  }
}

function toQuality(level: Level, id: number): Quality {
  return { id, height: level.height, bitrateBps: level.bitrate };
}
