import { createRequire } from 'node:module';
import { Viewer } from './viewer.ts';

const { resolve } = createRequire(import.meta.url);
const bundles = [resolve('dashjs'), resolve('dashjs/mss')];

/** What the page's scripts leave in its global scope, as far as it is used here. */
interface PageScope {
  dashjs: {
    MediaPlayer(): {
      create(): {
        updateSettings(settings: object): void;
        on(event: 'error', listener: (event: { error: { code?: number; message?: string } }) => void): void;
        on(event: 'playbackEnded', listener: () => void): void;
        initialize(video: HTMLVideoElement, url: string, autoplay: boolean): void;
      };
    };
  };
  smoothErrors: string[];
  smoothEnded: boolean;
}

/** Somebody who watches Smooth Streaming with dash.js. The page has to be one that bypasses CSP. */
export class SmoothViewer extends Viewer {
  /** Plays this manifest from now on. */
  override async open(url: string): Promise<void> {
    await this.page.goto(new URL('/healthz', url).href);
    await this.page.setContent('<!doctype html><video muted playsinline></video>');
    for (const path of bundles) await this.page.addScriptTag({ path });
    await this.page.evaluate(playWithDashJs, url);
  }

  /** What the player complained about. */
  complaints(): Promise<readonly string[]> {
    return this.page.evaluate(() => (window as unknown as PageScope).smoothErrors);
  }

  /**
   * Resolves once all of it has been loaded and played. The player says so: where its own look at the clock is quicker
   * than the element's `ended`, it leaves the picture half a second before the end.
   */
  async waitUntilEnded(): Promise<void> {
    const isOver = () => {
      const { buffered, duration } = document.querySelector('video')!;
      const isWhole = buffered.length > 0 && buffered.end(buffered.length - 1) > duration - 0.05;
      return isWhole && (window as unknown as PageScope).smoothEnded;
    };
    await this.page.waitForFunction(isOver, undefined, { timeout: 20_000 });
  }
}

/** Runs in the page. */
function playWithDashJs(url: string): void {
  const scope = window as unknown as PageScope;
  scope.smoothErrors = [];
  scope.smoothEnded = false;
  const player = scope.dashjs.MediaPlayer().create();
  player.on('playbackEnded', () => (scope.smoothEnded = true));
  player.on('error', ({ error }) => scope.smoothErrors.push(`${error.code ?? ''} ${error.message ?? ''}`));
  // The server of its own that it would ask for the time is not ours to reach.
  player.updateSettings({ streaming: { utcSynchronization: { enabled: false } } });
  player.initialize(document.querySelector('video')!, url, true);
}
