import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { VideoEntry } from '../shared/model/entry.ts';
import { makeFile } from '../server/recording/uploads/uploads.fixture.ts';
import { Broadcaster } from './drivers/broadcaster.ts';
import { expectAccessible, expectNoSideways } from './drivers/pageChecks.ts';
import { Producer } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { Viewer } from './drivers/viewer.ts';

test.describe('uploads', () => {
  let server: ServerUnderTest;
  let producer: Producer;
  let directory: string;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
    directory = await mkdtemp(join(tmpdir(), 'tallylight-e2e-uploads-'));
  });
  test.afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  });

  async function uploaded(name: string): Promise<VideoEntry> {
    const { items } = await producer.call<{ items: VideoEntry[] }>(
      'GET',
      `/entries?search=${encodeURIComponent(name)}`,
    );
    return items[0]!;
  }

  test('make a file a video that plays from any moment', async ({ page }) => {
    const file = await makeFile(directory, 'Village_fete.mp4', '-c:v libx264 -g 60 -c:a aac', undefined, 12);
    await new Broadcaster(page, server).signIn();
    await page.getByRole('link', { name: 'Upload' }).click();
    await page.getByLabel('Files to upload').setInputFiles(file);
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Village fete');
    await expect(page.getByRole('radio', { name: /default/ })).toBeChecked();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Upload' }).click();
    const row = page.getByRole('listitem', { name: 'Village fete' });
    await expect(row).toContainText('Ready', { timeout: 60_000 });
    await expectAccessible(page);
    await row.getByRole('link', { name: 'Village fete' }).click();
    await expect(page.getByText('0:12').first()).toBeVisible();

    const video = await uploaded('Village fete');
    expect(video).toMatchObject({ type: 'video', origin: 'upload', status: 'ready' });
    const viewer = new Viewer(page);
    await viewer.open(`${video.playback.embed}?muted=1`);
    await viewer.waitUntilPlaying(0.5);
    const media = page.locator('video');
    await media.evaluate((element: HTMLVideoElement) => {
      element.currentTime += 7;
    });
    await expect
      .poll(() =>
        media.evaluate(
          ({ seeking, readyState, currentTime }: HTMLVideoElement) => !seeking && readyState > 2 && currentTime > 7.5,
        ),
      )
      .toBe(true);

    const clip = await producer.call<VideoEntry>('POST', `/entries/${video.id}/clips`, { inMs: 2000, outMs: 5000 });
    expect(clip).toMatchObject({ status: 'ready', durationMs: 3000, sourceEntryId: video.id });
  });

  test('go on after a lost connection, and after the page was closed', async ({ page }) => {
    const file = await makeFile(directory, 'Long_walk.mkv', '-c:v mpeg4 -q:v 1 -s 1920x1080 -an', undefined, 8);
    await new Broadcaster(page, server).signIn();
    await page.goto(`${server.url}/entries/upload`);
    let pieces = 0;
    const begins: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/uploads')) begins.push(request.url());
    });
    await page.route('**/api/v1/uploads/*', async (route) => {
      if (route.request().method() === 'PATCH' && ++pieces > 1) await route.abort('connectionreset');
      else await route.continue();
    });
    const begin = async () => {
      await page.getByLabel('Files to upload').setInputFiles(file);
      await page.getByRole('button', { name: 'Upload' }).click();
    };
    await begin();
    const row = page.getByRole('listitem', { name: 'Long walk' });
    await expect(row).toContainText('connection was lost');
    await page.unroute('**/api/v1/uploads/*');
    await page.reload();
    await expect(page.getByText('Long_walk.mkv')).toBeVisible();
    await begin();
    await expect(row).toContainText(/Processing|Ready/);
    expect(begins).toHaveLength(1);
    await expect(row).toContainText('Ready', { timeout: 90_000 });
  });

  test('say what is wrong with a file that is no video', async ({ page }) => {
    const file = join(directory, 'holiday.mp4');
    await writeFile(file, randomBytes(20_000));
    await new Broadcaster(page, server).signIn();
    await page.goto(`${server.url}/entries/upload`);
    await page.getByLabel('Files to upload').setInputFiles(file);
    await page.getByRole('button', { name: 'Upload' }).click();
    const row = page.getByRole('listitem', { name: 'holiday' });
    await expect(row.getByRole('alert')).toContainText('cannot be read');
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSideways(page);
    await row.getByRole('link', { name: 'holiday' }).click();
    await expect(page.getByText('cannot be read').first()).toBeVisible();
  });
});
