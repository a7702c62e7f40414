/** What is done about a viewer who follows live and is behind by so much. */
interface Tolerance {
  /** From here on, playback is a little faster. */
  readonly tooFarSeconds: number;
  /** Playing faster would take too long from here: such a viewer is brought back at once. */
  readonly lostSeconds: number;
}

export const usualTolerance: Tolerance = { tooFarSeconds: 1.5, lostSeconds: 12 };
/** Faster than this is heard. */
const catchUpRate = 1.05;
/** A seek that ends closer to live than this is one to live. */
const nearLiveSeconds = 3;
/** Libraries seek, too: to where playback begins, and over holes. Only viewers go back by more than this. */
const leastStepBackSeconds = 1;
/** What playback has fallen behind while it was prepared or held up is skipped from here on: the picture jumps anyway. */
const leastSkippedSeconds = 0.4;
/** What has to be there behind the place that is skipped to. */
const leastBufferedSeconds = 0.3;

/** The rate at which to play: what is behind grows where playback was held up, or runs slow. */
export function followRate(
  behindSeconds: number,
  presentRate: number,
  tooFarSeconds = usualTolerance.tooFarSeconds,
): number {
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
  readonly #tolerance: () => Tolerance;
  readonly #listeners = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  #follows = true;
  /** Playback has not begun, or has stopped for want of media. */
  #heldUp = true;
  /** Where it was last seen playing. */
  #positionSeconds: number;

  /**
   * `behindSeconds`: how far the picture is behind where a live viewer should be; NaN when there is no live.
   * `tolerance`: how far it may be.
   */
  constructor(video: HTMLVideoElement, behindSeconds: () => number, tolerance: () => Tolerance = () => usualTolerance) {
    this.#video = video;
    this.#behindSeconds = behindSeconds;
    this.#tolerance = tolerance;
    this.#positionSeconds = video.currentTime;
    const { signal } = this.#listeners;
    video.addEventListener('seeking', () => this.#judgeSeek(), { signal });
    video.addEventListener('seeked', () => (this.#follows ||= this.#isNearLive()), { signal });
    video.addEventListener('timeupdate', () => (this.#positionSeconds = video.currentTime), { signal });
    video.addEventListener('waiting', () => (this.#heldUp ||= !video.seeking), { signal });
    video.addEventListener('playing', () => this.#begin(), { signal });
    video.addEventListener('pause', () => (this.#follows = false), { signal });
    video.addEventListener('play', () => (this.#follows ||= this.#isNearLive()), { signal });
    this.#timer = setInterval(() => this.#adjust(), 1000);
  }

  /** Where a live viewer should be has moved back by this: one who follows goes there. */
  shift(seconds: number): void {
    if (!this.#follows || !(seconds > 0)) return;
    const { seekable, currentTime } = this.#video;
    this.#video.currentTime = Math.max(seekable.length > 0 ? seekable.start(0) : 0, currentTime - seconds);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#listeners.abort();
    if (this.#video.playbackRate === catchUpRate) this.#play(1);
  }

  #isNearLive(): boolean {
    return this.#behindSeconds() < nearLiveSeconds;
  }

  #begin(): void {
    const behindSeconds = this.#behindSeconds();
    const target = this.#video.currentTime + behindSeconds;
    const skips = this.#heldUp && this.#follows && behindSeconds > leastSkippedSeconds;
    this.#heldUp = false;
    if (!skips) return;
    const { buffered } = this.#video;
    for (let range = 0; range < buffered.length; range++) {
      const isInside = buffered.start(range) <= target && buffered.end(range) >= target + leastBufferedSeconds;
      if (isInside) this.#video.currentTime = target;
    }
  }

  #judgeSeek(): void {
    const { currentTime } = this.#video;
    if (currentTime < this.#positionSeconds - leastStepBackSeconds) this.#follows = this.#isNearLive();
    this.#positionSeconds = currentTime;
  }

  #adjust(): void {
    const { playbackRate, seeking, paused } = this.#video;
    // Where a seek leads tells whether live is still followed. Who looks at a still picture is left with it.
    if (seeking || paused || (playbackRate !== 1 && playbackRate !== catchUpRate)) return;
    const behindSeconds = this.#behindSeconds();
    const { tooFarSeconds, lostSeconds } = this.#tolerance();
    const follows = this.#follows && Number.isFinite(behindSeconds);
    if (follows && behindSeconds > lostSeconds) this.#video.currentTime += behindSeconds;
    const rate = follows ? followRate(behindSeconds, playbackRate, tooFarSeconds) : 1;
    if (rate !== playbackRate) this.#play(rate);
  }

  /** The default, too: that is what shaka goes back to, whatever the rate, within a second of the end of what may be sought. */
  #play(rate: number): void {
    this.#video.defaultPlaybackRate = rate;
    this.#video.playbackRate = rate;
  }
}
