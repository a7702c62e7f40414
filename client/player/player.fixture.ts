import type { Entry } from '../../shared/model/entry.ts';
import type { EntryState } from '../../shared/model/state.ts';
import type { Engine, EngineListener, StartEngine } from './engines/engine.ts';

/** As much of a `<video>` as the player sees. */
export class FakeVideo extends EventTarget {
  currentTime = 0;
  paused = true;
  ended = false;
  muted = false;
  readyState = 4;
  duration = Infinity;
  /** Where what can be played ends; undefined while nothing is loaded. */
  seekableEnd: number | undefined;

  get seekable() {
    return { length: this.seekableEnd === undefined ? 0 : 1, start: () => 0, end: () => this.seekableEnd ?? 0 };
  }

  play(): Promise<void> {
    this.paused = false;
    this.dispatchEvent(new Event('play'));
    return Promise.resolve();
  }

  pause(): void {
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }

  /** As when its source is taken away: it pauses without an event. */
  empty(): void {
    Object.assign(this, { paused: true, currentTime: 0, seekableEnd: undefined });
  }
}

/** An engine that is being loaded, or has been. */
export class FakeLoad {
  readonly #video: FakeVideo;
  readonly #listener: EngineListener;
  readonly engine: Promise<Engine>;
  #settle: { resolve: (engine: Engine) => void; reject: (error: Error) => void } | undefined;
  isDestroyed = false;

  constructor(video: FakeVideo, listener: EngineListener) {
    this.#video = video;
    this.#listener = listener;
    this.engine = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
  }

  /** It has read a manifest: of what is on air, or of what has ended. */
  async finish(live: boolean): Promise<void> {
    this.#video.seekableEnd = 20;
    if (live) this.#video.currentTime = 19;
    this.#settle?.resolve({
      name: 'hlsjs',
      live,
      qualities: [],
      shownQuality: undefined,
      automatic: true,
      selectQuality: () => undefined,
      textTracks: [],
      shownTextTrack: undefined,
      selectTextTrack: () => undefined,
      livePosition: 19,
      wallClockAt: () => undefined,
      destroy: () => {
        this.isDestroyed = true;
        this.#video.empty();
        return Promise.resolve();
      },
    });
    await this.engine;
  }

  refuse(): void {
    this.#settle?.reject(new Error('The stream could not be loaded.'));
  }

  /** Playback cannot go on. */
  fail(): void {
    this.#listener.failed('The stream could not be loaded.');
  }
}

/** What is around a player: the page, the engines and the server. */
export class FakeSurroundings {
  video = new FakeVideo();
  loads: FakeLoad[] = [];
  tell: (state: EntryState) => void = () => undefined;
  /** What the server says of the entry; pending until a test lets it answer. */
  answer: Promise<Entry | undefined> = Promise.resolve(undefined);
  notice: string | undefined;

  readonly startEngine: StartEngine = (_video, _playback, listener) => {
    const load = new FakeLoad(this.video, listener);
    this.loads.push(load);
    return load.engine;
  };

  get controls() {
    const menu = () => ({ element: { classList: { toggle: () => undefined } }, show: () => undefined });
    return {
      video: this.video,
      controller: new EventTarget(),
      quality: menu(),
      captions: menu(),
      liveButton: {},
      behind: {},
      notice: {},
      clock: {},
    };
  }
}
