import type { Browser, Page } from '@playwright/test';
import type { DeliveryServer } from './deliveryServer.fixture.ts';

const scripts = { 'hls.js': '/hls.js', shaka: '/shaka.js', 'shaka by the clock': '/shaka.js', 'dash.js': '/dash.js' };
/** `by the clock`: the manifest's clock decides what is available, not the segments that are listed. */
type Engine = keyof typeof scripts;

interface PlayerState {
  readonly positionSeconds: number;
  readonly seekableStart: number;
  readonly seekableEnd: number;
  readonly paused: boolean;
  /** Start and end of each buffered range, in seconds. */
  readonly buffered: readonly (readonly [number, number])[];
  /** Decoded so far. */
  readonly frames: number;
  /** Those that a player does not get over. */
  readonly errors: readonly string[];
}

/** What the page's scripts leave in its global scope, as far as it is used here. */
interface PageScope {
  Hls: new (options: object) => {
    on(event: 'hlsError', listener: (event: string, error: { fatal: boolean; details: string }) => void): void;
    loadSource(url: string): void;
    attachMedia(video: HTMLVideoElement): void;
  };
  shaka: {
    polyfill: { installAll(): void };
    Player: new () => {
      addEventListener(event: 'error', listener: (event: { detail: { code: number } }) => void): void;
      configure(setting: string, value: boolean | number): void;
      attach(video: HTMLVideoElement): Promise<void>;
      load(url: string): Promise<void>;
      seekRange(): { start: number; end: number };
    };
  };
  dashjs: {
    MediaPlayer(): {
      create(): {
        on(event: 'error', listener: (event: { error: { code?: number; message?: string } }) => void): void;
        initialize(video: HTMLVideoElement, url: string, autoplay: boolean): void;
      };
    };
  };
  errors: string[];
  seekRange: () => { start: number; end: number };
}

const patienceMs = 40_000;

/** hls.js or shaka as they come from npm, playing in a page of Chromium. */
export class ChromiumPlayer {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async open(browser: Browser, delivery: DeliveryServer, engine: Engine, path: string): Promise<ChromiumPlayer> {
    const page = await browser.newPage();
    await page.goto(delivery.baseUrl);
    await page.addScriptTag({ url: scripts[engine] });
    const url = delivery.url(path);
    const byClock = engine === 'shaka by the clock';
    if (engine === 'hls.js') await page.evaluate(playWithHlsJs, url);
    else if (engine === 'dash.js') await page.evaluate(playWithDashJs, url);
    else await page.evaluate(playWithShaka, { url, byClock });
    return new ChromiumPlayer(page);
  }

  state(): Promise<PlayerState> {
    return this.#page.evaluate(() => {
      const { errors, seekRange } = window as unknown as PageScope;
      const video = document.querySelector('video')!;
      const { start, end } = seekRange();
      return {
        positionSeconds: video.currentTime,
        seekableStart: start,
        seekableEnd: end,
        paused: video.paused,
        buffered: Array.from({ length: video.buffered.length }, (_, index) => {
          return [video.buffered.start(index), video.buffered.end(index)] as const;
        }),
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
        errors,
      };
    });
  }

  async seek(seconds: number): Promise<void> {
    await this.#page.evaluate((to) => {
      document.querySelector('video')!.currentTime = to;
    }, seconds);
  }

  async playedPast(seconds: number): Promise<void> {
    const isPast = (to: number) => document.querySelector('video')!.currentTime > to;
    await this.#untilTrue(isPast, seconds, `past ${seconds} s`);
  }

  async playedToEnd(): Promise<void> {
    await this.#untilTrue(() => document.querySelector('video')!.ended, 0, 'to the end');
  }

  async #untilTrue(condition: (value: number) => boolean, value: number, what: string): Promise<void> {
    try {
      await this.#page.waitForFunction(condition, value, { timeout: patienceMs });
    } catch (cause) {
      const state = JSON.stringify(await this.state());
      throw new Error(`Not played ${what} within ${patienceMs / 1000} s: ${state}`, { cause });
    }
  }
}

/** Runs in the page. */
async function playWithHlsJs(url: string): Promise<void> {
  const scope = window as unknown as PageScope;
  const video = document.querySelector('video')!;
  scope.errors = [];
  scope.seekRange = () => ({ start: video.seekable.start(0), end: video.seekable.end(0) });
  const hls = new scope.Hls({ enableWorker: false });
  hls.on('hlsError', (_, error) => {
    if (error.fatal) scope.errors.push(error.details);
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  await video.play();
}

/** Runs in the page. */
function playWithDashJs(url: string): void {
  const scope = window as unknown as PageScope;
  const video = document.querySelector('video')!;
  scope.errors = [];
  scope.seekRange = () => ({ start: video.seekable.start(0), end: video.seekable.end(0) });
  const player = scope.dashjs.MediaPlayer().create();
  player.on('error', ({ error }) => scope.errors.push(`${error.code ?? ''} ${error.message ?? ''}`));
  player.initialize(video, url, true);
}

/** Runs in the page. */
async function playWithShaka({ url, byClock }: { url: string; byClock: boolean }): Promise<void> {
  const scope = window as unknown as PageScope;
  const video = document.querySelector('video')!;
  scope.errors = [];
  scope.shaka.polyfill.installAll();
  const player = new scope.shaka.Player();
  scope.seekRange = () => player.seekRange();
  player.addEventListener('error', ({ detail }) => scope.errors.push(`shaka ${detail.code}`));
  player.configure('manifest.dash.autoCorrectDrift', !byClock);
  // At low latency shaka 5.2 does not wait for what it removes: where that happens at the end, it never ends.
  player.configure('streaming.bufferBehind', 120);
  await player.attach(video);
  await player.load(url);
  await video.play();
}
