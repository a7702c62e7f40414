import { expect, type Page } from '@playwright/test';
import { adminEmail, adminPassword, type ServerUnderTest } from './server.ts';

/** Somebody who works in the studio with a browser: signs in, goes live, ends. */
export class Broadcaster {
  readonly page: Page;
  readonly #server: ServerUnderTest;

  constructor(page: Page, server: ServerUnderTest) {
    this.page = page;
    this.#server = server;
  }

  /** Ends on the entries table. */
  async signIn(): Promise<void> {
    await this.page.goto(`${this.#server.url}/`);
    await this.page.getByLabel('E-mail address').fill(adminEmail);
    await this.page.getByLabel('Password', { exact: true }).fill(adminPassword);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await expect(this.page.getByRole('heading', { name: 'Entries' })).toBeVisible();
  }

  /** Signs in and opens the entry's Go live page; the preview shows a picture. */
  async prepare(entryId: string): Promise<void> {
    await this.signIn();
    await this.openLivePage(entryId);
  }

  async openLivePage(entryId: string): Promise<void> {
    await this.page.goto(`${this.#server.url}/entries/${entryId}/live`);
    await expect(this.page.getByRole('button', { name: 'Go live' })).toBeEnabled();
  }

  async goLive(): Promise<void> {
    await this.page.getByRole('button', { name: 'Go live' }).click();
  }

  /** Resolves when the studio says that viewers can watch. */
  async waitUntilOnAir(): Promise<void> {
    await expect(this.page.getByRole('timer')).toBeVisible();
    await expect(this.page.getByText('Live', { exact: true }).first()).toBeVisible();
  }

  async end(): Promise<void> {
    await this.page.getByRole('button', { name: 'End broadcast' }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'End broadcast' }).click();
    await expect(this.page.getByRole('button', { name: 'Go live' })).toBeVisible();
  }
}
