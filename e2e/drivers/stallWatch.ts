import type { Page } from '@playwright/test';

/** A time in which the picture stood still although it should have gone on. */
export interface Stall {
  readonly fromUnixMs: number;
  readonly ms: number;
}

export interface Watched {
  readonly stalls: readonly Stall[];
  /** Times that the player let go of what it played and began again, which it only does after a fatal error. */
  readonly reloads: number;
  /** Seconds of media that the player jumped over, forwards and backwards. */
  readonly skippedSeconds: number;
  readonly repeatedSeconds: number;
}

interface WatchScope {
  readStallWatch(): Watched;
}

/** Watches how playback goes on in a page from its first picture, whatever engine plays there. Before the page is opened. */
export async function installStallWatch(page: Page): Promise<void> {
  await page.addInitScript(watchStalls);
}

export function readStallWatch(page: Page): Promise<Watched> {
  return page.evaluate(() => (window as unknown as WatchScope).readStallWatch());
}

/** Runs in the page. */
function watchStalls(): void {
  const tickMs = 100;
  const stalls: { fromUnixMs: number; ms: number }[] = [];
  let reloads = 0;
  let skippedSeconds = 0;
  let repeatedSeconds = 0;
  let begun = false;
  let standing = false;
  let lastTime = 0;
  let lastMs = performance.now();
  const tick = () => {
    const video = document.querySelector('video');
    const nowMs = performance.now();
    const elapsedMs = nowMs - lastMs;
    lastMs = nowMs;
    if (!video) return;
    const time = video.currentTime;
    const advance = time - lastTime;
    lastTime = time;
    if (!begun) {
      begun = advance > 0 && video.readyState >= video.HAVE_FUTURE_DATA;
      return;
    }
    if (Math.abs(advance) > elapsedMs / 1000 + 0.3) {
      if (advance > 0) skippedSeconds += advance;
      else repeatedSeconds -= advance;
    }
    const stands = advance === 0;
    if (stands && !standing) stalls.push({ fromUnixMs: Date.now() - elapsedMs, ms: 0 });
    const current = stalls.at(-1);
    if (stands && current) current.ms += elapsedMs;
    standing = stands;
  };
  setInterval(tick, tickMs);
  document.addEventListener('emptied', () => (reloads += begun ? 1 : 0), { capture: true });
  Object.assign(window, { readStallWatch: () => ({ stalls, reloads, skippedSeconds, repeatedSeconds }) });
}
