import { chromium, type BrowserServer } from '@playwright/test';
import type { LiveEntry } from '../../shared/model/entry.ts';
import { Broadcaster } from './broadcaster.ts';
import { browserOptions } from './browser.ts';
import type { ServerUnderTest } from './server.ts';

/** A broadcaster's browser, live from the studio's page over WHIP, in processes of its own that can be killed. */
export class BrowserEncoder {
  readonly #process: BrowserServer;
  readonly #broadcaster: Broadcaster;
  readonly #entry: LiveEntry;

  private constructor(process: BrowserServer, broadcaster: Broadcaster, entry: LiveEntry) {
    this.#process = process;
    this.#broadcaster = broadcaster;
    this.#entry = entry;
  }

  /** Signed in, and no further: one can only go live who finds nobody on air. */
  static async open(entry: LiveEntry, server: ServerUnderTest): Promise<BrowserEncoder> {
    const process = await chromium.launchServer(browserOptions);
    try {
      const browser = await chromium.connect(process.wsEndpoint());
      const broadcaster = new Broadcaster(await browser.newPage(), server);
      await broadcaster.signIn();
      return new BrowserEncoder(process, broadcaster, entry);
    } catch (error) {
      await process.kill();
      throw error;
    }
  }

  async goLive(): Promise<void> {
    await this.#broadcaster.openLivePage(this.#entry.id);
    await this.#broadcaster.goLive();
  }

  /** Killed: no goodbye of any kind. */
  stop(): Promise<void> {
    return this.#process.kill();
  }
}
