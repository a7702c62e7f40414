import { expect, test } from '@playwright/test';
import { Broadcaster } from './drivers/broadcaster.ts';
import { Encoder } from './drivers/encoder.ts';
import { expectAccessible, expectNoSideways } from './drivers/pageChecks.ts';
import { Producer } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';

test.describe('the studio', () => {
  let server: ServerUnderTest;
  let producer: Producer;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
  });
  test.afterAll(() => server.stop());

  test('refuses a wrong password with a sentence and lets nobody in', async ({ page }) => {
    await page.goto(server.url);
    await page.getByLabel('E-mail address').fill('admin@localhost');
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('The e-mail address or the password is not right.')).toBeVisible();
    expect((await page.request.get(`${server.url}/api/v1/entries`)).status()).toBe(401);
  });

  test('takes a producer from signing in to a live entry and its ingest settings', async ({ page }) => {
    await new Broadcaster(page, server).signIn();
    await page
      .getByRole('link', { name: /new|create/i })
      .first()
      .click();
    await page.getByLabel('Name').fill('abc');
    await page.getByRole('button', { name: /create/i }).click();
    await expect(page.getByText('The name needs at least 5 characters.')).toBeVisible();
    await page.getByLabel('Name').fill('Morning briefing');
    await page.getByRole('button', { name: /create/i }).click();
    await expect(page.getByRole('heading', { name: 'Morning briefing' })).toBeVisible();
    const id = /\/entries\/(0_[a-z0-9]{8})/.exec(page.url())?.[1] ?? '';
    const entry = await producer.entry(id);
    expect(entry).toMatchObject({
      name: 'Morning briefing',
      dvr: { enabled: true, windowMinutes: 120 },
      recording: 'off',
    });

    await page.goto(`${server.url}/entries/${id}/stream`);
    await expect(page.getByText(`${id}_1`).first()).toBeVisible();
  });

  test('hides the stream key until it is asked for, and replaces it after a question', async ({ page, context }) => {
    const entry = await producer.createLiveEntry();
    const old = entry.ingest?.password ?? '';
    await new Broadcaster(page, server).signIn();
    await page.goto(`${server.url}/entries/${entry.id}/stream`);
    const rtmp = page.getByRole('region', { name: 'RTMP' });
    const key = rtmp.getByRole('group', { name: 'Stream key', exact: true });
    await expect(key).toContainText(`${entry.id}_1?token=•`);
    await expect(page.getByText(old)).toHaveCount(0);
    await key.getByRole('button', { name: 'Show stream key' }).click();
    await expect(key).toContainText(`${entry.id}_1?token=${old}`);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await key.getByRole('button', { name: /copy/i }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(`${entry.id}_1?token=${old}`);

    const section = page.getByRole('region', { name: 'Stream key' });
    await expect(section).toContainText('It is good until you make another one.');
    const dialog = page.getByRole('dialog', { name: 'Make a new stream key?' });
    await section.getByRole('button', { name: 'New stream key' }).click();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect((await producer.entry(entry.id)).ingest?.password).toBe(old);
    await section.getByRole('button', { name: 'New stream key' }).click();
    await dialog.getByText('In 7 days').click();
    await dialog.getByRole('button', { name: 'Make a new key' }).click();
    await expect(section).toContainText('It ends in 7 days');
    const renewed = await producer.entry(entry.id);
    await expect(key).toContainText(renewed.ingest?.password ?? 'no key');
    const late = Encoder.publish(entry);
    expect(await late.ended).not.toBe(0);
    expect(late.output).toContain('The stream key is not right');
    const encoder = Encoder.publish(renewed);
    await producer.waitForState(entry.id, 'live');
    await encoder.stop();
  });

  test('shows in the entries table what goes live and what stops, by itself', async ({ page }) => {
    const entry = await producer.createLiveEntry({ name: 'Lunch concert' });
    await new Broadcaster(page, server).signIn();
    const row = page.getByRole('row', { name: /Lunch concert/ });
    await expect(row).toContainText(/idle|not started|offline/i);
    const encoder = Encoder.publish(entry);
    await expect(row).toContainText('Live');
    await encoder.stop();
    await expect(row).toContainText(/interrupted/i);
    await producer.call('POST', `/entries/${entry.id}/end`);
    await expect(row).toContainText(/ended/i);
  });

  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    test(`has accessible pages that fit ${width} pixels, in both themes`, async ({ page }) => {
      test.slow();
      const entry = await producer.createLiveEntry({ name: 'A rather long name of an entry that has to fit somehow' });
      await page.setViewportSize({ width, height });
      await page.goto(server.url);
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
      await expectAccessible(page);
      await new Broadcaster(page, server).signIn();
      const pages = [
        '/entries',
        '/entries/new',
        `/entries/${entry.id}`,
        `/entries/${entry.id}/stream`,
        `/entries/${entry.id}/ingest`,
        `/entries/${entry.id}/live`,
        '/settings',
      ];
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        for (const path of pages) {
          await page.goto(server.url + path);
          await expect(page.getByRole('heading').first()).toBeVisible();
          await page.waitForLoadState('networkidle');
          await expectNoSideways(page);
          await expectAccessible(page);
        }
      }
    });
  }
});
