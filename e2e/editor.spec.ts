import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import type { LiveEntry, VideoEntry } from '../shared/model/entry.ts';
import { Broadcaster } from './drivers/broadcaster.ts';
import { CountedEncoder, countedFrameRate, readNumbers, readShownNumber } from './drivers/countedEncoder.ts';
import { Producer, until } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';

const numbersFrom = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

test.describe.serial('the editor', () => {
  let server: ServerUnderTest;
  let producer: Producer;
  let encoder: CountedEncoder;
  let live: LiveEntry;
  let recording: VideoEntry;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
    live = await producer.createLiveEntry({ recording: 'perSession', name: 'Morning lecture' });
    encoder = new CountedEncoder(live);
    await producer.waitForState(live.id, 'live');
  });
  test.afterAll(async () => {
    await encoder.stop();
    await server.stop();
  });

  const video = (id: string) => producer.call<VideoEntry>('GET', `/entries/${id}`);
  const numbersOf = async (id: string) =>
    await readNumbers((await video(id)).playback.hls?.replace('master.m3u8', 'v0.m3u8') ?? '');

  async function open(page: Page, id: string, query = ''): Promise<void> {
    await new Broadcaster(page, server).signIn();
    await page.goto(`${server.url}/entries/${id}/editor${query}`);
    await expect(page.getByRole('slider', { name: 'Playhead' })).toBeVisible();
    await expect(page.getByLabel('Loading the preview')).toBeHidden();
  }

  async function press(page: Page, ...keys: string[]): Promise<void> {
    for (const key of keys) await page.keyboard.press(key);
  }

  /** The number on the screen, once no seek is under way. */
  async function shown(page: Page): Promise<number> {
    await page.waitForFunction(() => {
      const element = document.querySelector('video');
      return element && !element.seeking && element.readyState >= 2;
    });
    // The frame that was sought is painted a little later than it is there.
    let last = -1;
    return await until(async () => {
      const now = await page.evaluate(readShownNumber);
      const isSteady = now === last;
      last = now;
      return isSteady ? now : undefined;
    }, 'a steady picture');
  }

  /** The player on an entry's page has so many seconds. */
  async function expectPlayerOf(page: Page, seconds: number): Promise<void> {
    const player = page.frameLocator('iframe').locator('video');
    await expect.poll(() => player.evaluate((element: HTMLVideoElement) => element.duration)).toBeCloseTo(seconds, 1);
  }

  async function savedEntry(page: Page, name: RegExp | string): Promise<string> {
    const link = page.getByRole('list', { name: 'Clips of this session' }).getByRole('link', { name }).first();
    await expect(link).toBeVisible();
    return /0_[a-z0-9]{8}$/.exec((await link.getAttribute('href')) ?? '')?.[0] ?? '';
  }

  test('cuts a clip out of what is on air, from the frame that was shown to the frame that was shown', async ({
    page,
  }) => {
    await until(async () => {
      const span = await producer.call<{ startMs: number; endMs: number }>('GET', `/entries/${live.id}/timeline`);
      return span.endMs - span.startMs > 8000 ? true : undefined;
    }, '8 s of media');
    await open(page, live.id);
    const end = page.getByRole('slider', { name: 'Playhead' });
    const endBefore = Number(await end.getAttribute('aria-valuemax'));
    await press(page, 'End', ...Array.from({ length: 5 }, () => 'Shift+ArrowLeft'), 'i');
    const first = await shown(page);
    await press(page, 'Shift+ArrowRight', 'Shift+ArrowRight', 'ArrowRight', 'o');
    const last = await shown(page);
    expect(last - first).toBe(2 * countedFrameRate + 1);
    await page.getByRole('button', { name: 'Save clip' }).click();
    const id = await savedEntry(page, 'Clip of Morning lecture');
    expect(await numbersOf(id)).toEqual(numbersFrom(first, last));
    expect(await video(id)).toMatchObject({ origin: 'clip', sourceEntryId: live.id, status: 'ready' });
    expect(Number(await end.getAttribute('aria-valuemax'))).toBeGreaterThan(endBefore);
  });

  test('cuts several clips, and one entry of them in another order, frame by frame as they were shown', async ({
    page,
  }) => {
    await encoder.stop();
    await producer.call('POST', `/entries/${live.id}/end`);
    [recording] = (await producer.call<{ items: [VideoEntry] }>('GET', `/entries/${live.id}/recordings`)).items;
    await open(page, recording.id);
    expect(await shown(page)).toBe(0);
    await press(page, 'Shift+ArrowRight', 'ArrowRight', 'ArrowRight', 'i');
    expect(await shown(page)).toBe(27);
    await press(page, 'Shift+ArrowRight', 'ArrowLeft', 'o');
    expect(await shown(page)).toBe(51);
    await press(page, 'Shift+ArrowRight', 'n', 'Shift+ArrowRight', 'o', 'Control+z', 'Control+Shift+z');
    await expect(page.getByLabel('Last frame')).toHaveValue('101');
    await page.getByLabel('First frame').fill('80');
    await page.getByLabel('First frame').press('Enter');
    expect(await shown(page)).toBe(80);
    await page.getByRole('textbox', { name: 'Name' }).fill('Second exercise');

    await page.getByRole('link', { name: 'Entries' }).first().click();
    await page.getByRole('button', { name: 'Stay here' }).click();
    await page.getByRole('button', { name: 'Save 2 clips' }).click();
    const second = await savedEntry(page, 'Second exercise');
    const first = await savedEntry(page, /^Clip of/);
    expect(await numbersOf(first)).toEqual(numbersFrom(27, 51));
    expect(await numbersOf(second)).toEqual(numbersFrom(80, 101));

    await page.getByRole('button', { name: 'Move Second exercise up' }).click();
    await page.getByRole('button', { name: 'Save as one entry…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save as one entry' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Both exercises');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const both = await savedEntry(page, 'Both exercises');
    expect(await numbersOf(both)).toEqual([...numbersFrom(80, 101), ...numbersFrom(27, 51)]);

    await page.goto(`${server.url}/entries/${recording.id}/clips`);
    const row = page.getByRole('row', { name: /Second exercise/ });
    await expect(row).toContainText(second);
    await expect(row).toContainText('admin');
    await page.goto(`${server.url}/entries`);
    await expect(page.getByRole('row', { name: /Both exercises/ })).toBeVisible();
  });

  test('trims a video in place, and gives it its original back', async ({ page }) => {
    const { durationMs } = await video(recording.id);
    await open(page, recording.id, '?mode=trim');
    await press(page, 'Shift+ArrowRight', 'i', 'Shift+ArrowRight', 'Shift+ArrowRight', 'o');
    await page.getByRole('button', { name: 'Save trim' }).click();
    await expect(page.getByText('This video is trimmed')).toBeVisible();
    expect(await numbersOf(recording.id)).toEqual(numbersFrom(25, 75));
    await expectPlayerOf(page, 51 / countedFrameRate);
    await page.getByRole('button', { name: 'Undo trim' }).click();
    await expect(page.getByText('This video is trimmed')).toBeHidden();
    // The player that was there follows.
    await expectPlayerOf(page, durationMs / 1000);
    const last = Math.round((durationMs * countedFrameRate) / 1000) - 1;
    expect(await numbersOf(recording.id)).toEqual(numbersFrom(0, last));
  });

  test('is accessible and fits, wide and narrow, light and dark', async ({ page }) => {
    await open(page, recording.id);
    await press(page, 'n', '?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await press(page, 'Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      ).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
    await expect(page.getByRole('slider', { name: 'In' })).toHaveAttribute('aria-valuetext', '0 seconds, frame 0');
  });
});
