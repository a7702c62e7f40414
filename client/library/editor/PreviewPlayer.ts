import type { Playback } from '../../../shared/model/entry.ts';
import type { Engine } from '../../player/engines/engine.ts';
import { loadEngine } from '../../player/engines/engines.ts';
import { clampFrame, frameAt, positionOf, type FrameRange, type Media } from './media.ts';

export interface PreviewState {
  readonly status: 'loading' | 'ready' | 'failed';
  /** The frame on the screen, or about to be. */
  readonly frame: number;
  /** Negative: backwards; 0: paused. */
  readonly rate: number;
  readonly problem: string | undefined;
}

interface PlayedRange extends FrameRange {
  /** Asked at its end. */
  readonly again: () => boolean;
}

const fastest = 4;
const backwardsStepMs = 100;
const retryMs = 3000;
/** How often, and how long after each other, a place is sought again whose frame has not come. */
const mostSeeks = 20;
const seekAgainMs = 150;

/**
 * Plays what is being edited, frame by frame where asked for: seeks to the middles of frames, which are within them
 * whatever is rounded. It plays DASH, whose times are the server's positions, live and afterwards.
 */
export class PreviewPlayer {
  readonly #video: HTMLVideoElement;
  readonly #playback: Playback;
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  #media: Media;
  #engine: Engine | undefined;
  #loads = 0;
  /** There is a picture, and seeks are the editor's own. */
  #isLoaded = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #seekAgain: ReturnType<typeof setTimeout> | undefined;
  #loop: number | undefined;
  #backwards: ReturnType<typeof setInterval> | undefined;
  #wanted: number | undefined;
  #range: PlayedRange | undefined;
  #state: PreviewState;

  constructor(video: HTMLVideoElement, playback: Playback, media: Media) {
    this.#video = video;
    this.#playback = playback;
    this.#media = media;
    const frame = media.live ? media.end - 1 : media.start;
    this.#state = { status: 'loading', frame, rate: 0, problem: undefined };
    const { signal } = this.#closing;
    video.addEventListener('seeked', () => this.#seeked(), { signal });
    video.addEventListener('ended', () => this.#ended(), { signal });
    void this.#load();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): PreviewState => this.#state;

  get video(): HTMLVideoElement {
    return this.#video;
  }

  /** What there is to play has grown, or is live no more. */
  set media(media: Media) {
    const wasLive = this.#media.live;
    this.#media = media;
    if (wasLive !== media.live) void this.#load();
  }

  /** The last frame that can be seen, which on a live entry may be later than what is known to be stored. */
  get lastFrame(): number {
    const { seekable } = this.#video;
    const isLive = this.#media.live && this.#engine && seekable.length > 0;
    const seen = isLive ? frameAt(this.#media, this.#engine!.livePosition * 1000) : -Infinity;
    return Math.max(this.#media.end - 1, Number.isFinite(seen) ? seen : -Infinity);
  }

  close(): void {
    this.#closing.abort();
    this.#loads++;
    clearTimeout(this.#retry);
    clearTimeout(this.#seekAgain);
    this.#stopMotion();
    void this.#engine?.destroy();
    this.#engine = undefined;
  }

  /** Stops there. */
  seek(frame: number): void {
    this.#stopMotion();
    this.#video.pause();
    this.#show(frame);
    this.#set({ rate: 0 });
  }

  step(frames: number): void {
    this.seek(this.#state.frame + frames);
  }

  toggle(): void {
    if (this.#state.rate === 0) this.play();
    else this.pause();
  }

  pause(): void {
    this.seek(this.#state.frame);
  }

  /** From the present frame on; from the start after the end. */
  play(rate = 1): void {
    this.#stopMotion();
    if (!this.#media.live && this.#state.frame >= this.#media.end - 1) this.#show(this.#media.start);
    this.#start(rate);
  }

  /** Frames `start` to `end`; `again` is asked at its end whether to go on. */
  playRange(range: FrameRange, again: () => boolean): void {
    this.#stopMotion();
    this.#show(range.start);
    this.#range = { ...range, again };
    this.#start(1);
  }

  /** Faster with each call, as J and L do. */
  shuttle(direction: 1 | -1): void {
    const { rate } = this.#state;
    const next = Math.sign(rate) === direction ? Math.min(fastest, Math.abs(rate) * 2) : 1;
    if (direction === 1) this.play(next);
    else this.#playBackwards(next);
  }

  #start(rate: number): void {
    this.#video.playbackRate = rate;
    this.#set({ rate });
    this.#follow();
    void this.#resume();
  }

  async #resume(): Promise<void> {
    try {
      await this.#video.play();
    } catch (error) {
      // It was told to pause before it had begun.
      if (this.#state.rate <= 0 || !isRefused(error)) return;
      // Browsers refuse sound before a click.
      this.#video.muted = true;
      await this.#video.play().catch(() => this.#state.rate > 0 && this.pause());
    }
  }

  #playBackwards(rate: number): void {
    this.#stopMotion();
    this.#video.pause();
    this.#set({ rate: -rate });
    const frames = Math.max(1, Math.round((this.#media.grid.frameRate * rate * backwardsStepMs) / 1000));
    this.#backwards = setInterval(() => {
      if (this.#state.frame <= this.#media.start) this.pause();
      else if (!this.#video.seeking) this.#show(this.#state.frame - frames);
    }, backwardsStepMs);
  }

  #stopMotion(): void {
    clearInterval(this.#backwards);
    if (this.#loop !== undefined) cancelAnimationFrame(this.#loop);
    this.#loop = undefined;
    this.#range = undefined;
  }

  /** Tells each frame while it plays; a video that plays already says no word of it when it is to play something else. */
  #follow(): void {
    const look = () => {
      this.#loop = requestAnimationFrame(look);
      if (this.#video.paused || this.#video.seeking) return;
      const frame = this.#shownFrame();
      if (this.#range && frame >= this.#range.end) this.#endRange(this.#range);
      else if (frame !== this.#state.frame) this.#set({ frame });
    };
    this.#loop = requestAnimationFrame(look);
  }

  #endRange({ start, end, again }: PlayedRange): void {
    if (again()) return this.#show(start);
    this.seek(end - 1);
  }

  /** A browser pauses by itself there, and no frame comes after the last one. */
  #ended(): void {
    // It may have been sent elsewhere since.
    if (!this.#video.ended) return;
    if (!this.#range) return this.seek(this.lastFrame);
    this.#endRange(this.#range);
    if (this.#range) void this.#resume();
  }

  #shownFrame(): number {
    return Math.min(Math.max(frameAt(this.#media, this.#video.currentTime * 1000), this.#media.start), this.lastFrame);
  }

  /** One seek at a time: a drag asks for more than can be shown. */
  #show(frame: number): void {
    const shown = clampFrame({ start: this.#media.start, end: this.lastFrame + 1 }, Math.round(frame));
    this.#set({ frame: shown });
    if (this.#video.seeking || !this.#isLoaded) this.#wanted = shown;
    else this.#seekTo(shown);
  }

  #seekTo(frame: number): void {
    this.#wanted = undefined;
    const half = this.#media.grid.hasFrames ? 0.5 : 0;
    const seconds = positionOf(this.#media, frame + half) / 1000;
    if (Math.abs(this.#video.currentTime - seconds) <= 1e-4) return;
    this.#video.currentTime = seconds;
    this.#expectPicture(frame, seconds, mostSeeks);
  }

  /**
   * Where what is buffered begins just behind a place, Chromium shows the first frame of that and is content. The place is
   * sought again until its own frame has been loaded; should that never come, the playhead goes to what is shown.
   */
  #expectPicture(frame: number, seconds: number, seeksLeft: number): void {
    clearTimeout(this.#seekAgain);
    this.#video.requestVideoFrameCallback((_now, { mediaTime }) => {
      const isHere = () => this.#state.frame === frame && this.#state.rate === 0 && !this.#closing.signal.aborted;
      const shown = frameAt(this.#media, mediaTime * 1000);
      if (shown <= frame || !isHere()) return;
      if (seeksLeft === 0) return this.#set({ frame: shown });
      this.#seekAgain = setTimeout(() => {
        if (!isHere() || this.#video.seeking) return;
        this.#video.currentTime = seconds;
        this.#expectPicture(frame, seconds, seeksLeft - 1);
      }, seekAgainMs);
    });
  }

  #seeked(): void {
    if (this.#wanted !== undefined && this.#isLoaded) this.#seekTo(this.#wanted);
    this.#settle();
  }

  /** The picture is there once no seek is under way. */
  #settle(): void {
    if (this.#isLoaded && !this.#video.seeking && this.#state.status === 'loading') this.#set({ status: 'ready' });
  }

  async #load(): Promise<void> {
    const load = ++this.#loads;
    clearTimeout(this.#retry);
    this.#stopMotion();
    this.#video.pause();
    this.#set({ status: 'loading', rate: 0, problem: undefined });
    const before = this.#engine;
    this.#engine = undefined;
    this.#isLoaded = false;
    await before?.destroy();
    try {
      const start = await loadEngine('shaka');
      if (load !== this.#loads) return;
      const engine = await start(this.#video, this.#playback, {
        choicesChanged: () => undefined,
        outdated: () => undefined,
        failed: (message) => load === this.#loads && this.#fail(message),
      });
      if (load !== this.#loads) return void engine.destroy();
      this.#engine = engine;
      // Until then the engine goes to where it begins by itself.
      await untilLoaded(this.#video);
      if (load !== this.#loads) return;
      this.#isLoaded = true;
      this.#show(this.#state.frame);
      this.#settle();
    } catch (error) {
      if (load === this.#loads) this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #fail(problem: string): void {
    this.#stopMotion();
    this.#set({ status: 'failed', rate: 0, problem });
    this.#retry = setTimeout(() => void this.#load(), retryMs);
  }

  #set(changes: Partial<PreviewState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

async function untilLoaded(video: HTMLVideoElement): Promise<void> {
  if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return;
  await new Promise((resolve) => video.addEventListener('loadeddata', resolve, { once: true }));
}

function isRefused(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotAllowedError';
}
