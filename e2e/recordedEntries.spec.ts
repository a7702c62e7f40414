import { expect, test } from '@playwright/test';
import type { VideoEntry } from '../shared/model/entry.ts';
import { Broadcaster } from './drivers/broadcaster.ts';
import { Encoder } from './drivers/encoder.ts';
import { expectAccessible, expectNoSideways } from './drivers/pageChecks.ts';
import { Producer, until } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';

test.describe('recorded entries in the studio', () => {
  let server: ServerUnderTest;
  let producer: Producer;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
  });
  test.afterAll(() => server.stop());

  test('are listed with their live entry while they grow, and have pages of their own', async ({ page }) => {
    const entry = await producer.createLiveEntry({ recording: 'perSession', name: 'Morning show' });
    await new Broadcaster(page, server).signIn();
    await page.goto(`${server.url}/entries/${entry.id}`);
    const recordings = page.getByRole('region', { name: 'Recordings' });
    await expect(recordings.getByText('None yet.', { exact: false })).toBeVisible();

    const encoder = Encoder.publish(entry);
    await expect(recordings.getByText(/^Recording \d+:\d\d$/)).toBeVisible({ timeout: 20_000 });
    await page.getByRole('link', { name: 'Settings' }).last().click();
    await expect(page.getByText('It cannot be changed while the entry is broadcasting.')).toBeVisible();
    await encoder.stop();
    await producer.call('POST', `/entries/${entry.id}/end`);
    await expect(page.getByText('It cannot be changed while the entry is broadcasting.')).toBeHidden();

    await page.goto(`${server.url}/entries?type=video`);
    const row = page.getByRole('row', { name: /Morning show 1/ });
    await expect(row.getByText('Ready').last()).toBeVisible();
    await row.getByRole('link', { name: 'Morning show 1' }).click();
    const details = page.getByRole('region', { name: 'Details' });
    await expect(details.getByRole('link', { name: 'Morning show' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Clip', exact: true })).toHaveAttribute(
      'href',
      /\/entries\/0_\w{8}\/editor$/,
    );
    await expect(page.getByRole('link', { name: 'Trim', exact: true })).toBeVisible();
    for (const [width, height] of [
      [1280, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      for (const path of [new URL(page.url()).pathname, '/entries', `/entries/${entry.id}`]) {
        await page.goto(server.url + path);
        await expect(page.getByText('Morning show 1').first()).toBeVisible();
        await expectNoSideways(page);
        if (width === 390) await expectAccessible(page);
      }
    }
  });

  test('can be cut only with the source, which the button says, and leads to the profile', async ({ page }) => {
    const flavors = [{ name: 'Small', width: 320, height: 0, videoBitrateKbps: 200, h264Profile: 'baseline' }];
    const lean = { name: 'Lean', keepsSource: false, flavors };
    const profile = await producer.call<{ id: string }>('POST', '/profiles', lean);
    const entry = await producer.createLiveEntry({ profileId: profile.id, recording: 'append' });
    const encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    await encoder.stop();
    await producer.call('POST', `/entries/${entry.id}/end`);
    const { items } = await producer.call<{ items: VideoEntry[] }>('GET', `/entries/${entry.id}/recordings`);

    await new Broadcaster(page, server).signIn();
    await page.goto(`${server.url}/entries/${items[0]!.id}`);
    await expect(page.getByRole('cell', { name: '320×180', exact: true })).toBeVisible();
    // It can be reached and asked, also without a mouse.
    await page.getByRole('button', { name: 'Clip', exact: true }).press('Enter');
    await expect(page.getByText('Cutting needs the source, and this profile does not keep it.')).toBeVisible();
    await page.getByRole('link', { name: 'Change the profile' }).click();
    await expect(page.getByLabel('Source')).not.toBeChecked();
  });
});

test('a nearly full disk stops recording with a clear word, and the broadcast goes on', async ({ page }) => {
  const server = await ServerUnderTest.start({ DISK_FLOOR_MB: '100000000' });
  const producer = await Producer.signIn(server);
  const entry = await producer.createLiveEntry({ recording: 'perSession' });
  const encoder = Encoder.publish(entry);
  await producer.waitForState(entry.id, 'live');
  const { recorded } = await until(async () => {
    const now = await producer.entry(entry.id);
    return now.recorded ? now : undefined;
  }, 'what becomes of the recording');
  expect(recorded).toMatchObject({ entryId: null, active: false, notice: expect.stringContaining('disk') });
  await new Broadcaster(page, server).signIn();
  await page.goto(`${server.url}/entries/${entry.id}`);
  await expect(page.getByText('This broadcast is not recorded')).toBeVisible();
  await page.goto(`${server.url}/entries/${entry.id}/ingest`);
  await expect(page.getByText(recorded?.notice ?? '').first()).toBeVisible();
  expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('tallylight_recordings{state="stopped"} 1');
  await encoder.stop();
  await server.stop();
});
