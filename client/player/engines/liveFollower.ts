/** This far behind, a viewer who follows live is brought back by playing a little faster. */
const tooFarSeconds = 1.5;
/** Faster than this is heard. */
const catchUpRate = 1.05;
/** A seek that ends closer to live than this is one to live. */
const nearLiveSeconds = 3;

/** The rate at which to play: what is behind grows where playback was held up, or runs slow. */
export function followRate(behindSeconds: number, presentRate: number): number {
  if (behindSeconds > tooFarSeconds) return catchUpRate;
  return presentRate === catchUpRate && behindSeconds > 0 ? catchUpRate : 1;
}

/**
 * Keeps a viewer who watches live at the live position, where the playback library does not. One who has gone back in
 * the DVR, paused, or chosen another speed is left alone.
 */
export class LiveFollower {
  readonly #video: HTMLVideoElement;
  readonly #behindSeconds: () => number;
  readonly #listeners = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  #follows = true;

  /** `behindSeconds`: how far the picture is behind where a live viewer should be; NaN when there is no live. */
  constructor(video: HTMLVideoElement, behindSeconds: () => number) {
    this.#video = video;
    this.#behindSeconds = behindSeconds;
    const { signal } = this.#listeners;
    video.addEventListener('seeked', () => (this.#follows = this.#behindSeconds() < nearLiveSeconds), { signal });
    video.addEventListener('pause', () => (this.#follows = false), { signal });
    this.#timer = setInterval(() => this.#adjust(), 1000);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#listeners.abort();
    if (this.#video.playbackRate === catchUpRate) this.#video.playbackRate = 1;
  }

  #adjust(): void {
    const { playbackRate } = this.#video;
    if (playbackRate !== 1 && playbackRate !== catchUpRate) return;
    const behindSeconds = this.#behindSeconds();
    const rate = this.#follows && Number.isFinite(behindSeconds) ? followRate(behindSeconds, playbackRate) : 1;
    if (rate !== playbackRate) this.#video.playbackRate = rate;
  }
}
