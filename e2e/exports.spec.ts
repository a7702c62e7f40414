import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { XMLParser } from 'fast-xml-parser';
import type { EncoderSettings } from '../shared/model/encoderSettings.ts';
import type { LiveEntry } from '../shared/model/entry.ts';
import { apiPrefix } from '../shared/api/routes.ts';
import { Broadcaster } from './drivers/broadcaster.ts';
import { Encoder } from './drivers/encoder.ts';
import { Producer } from './drivers/producer.ts';
import { readBack } from './drivers/readBack.ts';
import { scanQrCode } from './drivers/scanner.ts';
import { ServerUnderTest } from './drivers/server.ts';

test.describe('the settings an entry gives to encoders', () => {
  let server: ServerUnderTest;
  let producer: Producer;
  let directory: string;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
    directory = await mkdtemp(join(tmpdir(), 'tallylight-exports-'));
  });
  test.afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function settingsFor(entry: LiveEntry, encoderId: string): Promise<EncoderSettings> {
    const path = `/entries/${entry.id}/encoder-settings`;
    const { items } = await producer.call<{ items: EncoderSettings[] }>('GET', path);
    const settings = items.find(({ id }) => id === encoderId);
    if (!settings) throw new Error(`no settings for ${encoderId}`);
    return settings;
  }

  async function expectLive(entry: LiveEntry, encoder: Encoder): Promise<void> {
    try {
      await producer.waitForState(entry.id, 'live', 30_000).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${encoder.output}`);
      });
    } finally {
      await encoder.stop();
    }
    await producer.call('POST', `/entries/${entry.id}/end`);
  }

  test('publish by the profile for Flash Media Live Encoder, in its formats', async () => {
    const entry = await producer.createLiveEntry({ name: 'Q&A <live> “one”' });
    const response = await fetch(`${server.url}${apiPrefix}/entries/${entry.id}/fmle.xml`, {
      headers: { Authorization: `Bearer ${producer.token}` },
    });
    expect(response.headers.get('content-disposition')).toContain(`export_${entry.id}.xml`);
    const { preset, encode, output } = new XMLParser().parse(await response.text()).flashmedialiveencoder_profile;
    expect(preset.description).toBe(entry.name);
    const [size] = String(encode.video.outputsize).split(';');
    const [rate] = String(encode.video.datarate).split(';');
    expect([encode.video.format, encode.audio.format]).toEqual(['H.264', 'MP3']);
    const encoder = Encoder.paste(
      `ffmpeg -loglevel warning -re -f lavfi -i testsrc2=size=${size}:rate=25 -re -f lavfi -i sine=sample_rate=44100 ` +
        `-c:v libx264 -profile:v baseline -level 3.1 -pix_fmt yuv420p -b:v ${rate}k -g 50 ` +
        `-c:a libmp3lame -b:a ${encode.audio.datarate}k -ac 2 ` +
        `-f flv "${output.rtmp.url}/${output.rtmp.stream.replace('%i', '1')}"`,
      directory,
    );
    await producer.waitForState(entry.id, 'live');
    expect(await readBack(entry.playback.hls ?? '', 2)).toMatchObject({ width: 640, height: 480, complaints: '' });
    await encoder.stop();
  });

  test('publish by every command line as it is pasted, over RTMP, RTMPS and RTSP', async () => {
    test.setTimeout(300_000);
    const makeFile = Encoder.paste(
      'ffmpeg -loglevel warning -f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine -t 3 -c:a aac input.mp4',
      directory,
    );
    expect(await makeFile.ended).toBe(0);
    const entry = await producer.createLiveEntry();
    const { commands } = await settingsFor(entry, 'ffmpeg');
    commands.push(...(await settingsFor(entry, 'gstreamer')).commands);
    expect(commands.map(({ label }) => label)).toEqual([
      'A test picture, RTMP',
      'A file over and over, RTMP',
      'A test picture, RTMPS',
      'A test picture, RTSP',
      'A test picture in 3 qualities, RTMP',
      'A test picture, RTMP',
      'A test picture, RTSP',
    ]);
    for (const { label, text } of commands)
      await test.step(label, () => expectLive(entry, Encoder.paste(text, directory)));
  });

  test('publish by OBS’s file', async () => {
    const entry = await producer.createLiveEntry();
    const [file] = (await settingsFor(entry, 'obs')).files;
    const { settings } = JSON.parse(file?.text ?? '') as { settings: { server: string; key: string } };
    await expectLive(entry, Encoder.publishTo(`${settings.server}/${settings.key}`));
  });

  test('are downloaded, copied and scanned on the entry’s page', async ({ page }) => {
    const entry = await producer.createLiveEntry({ name: 'For a phone' });
    await new Broadcaster(page, server).signIn();
    await page.goto(`${server.url}/entries/${entry.id}/stream`);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export for FMLE' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`export_${entry.id}.xml`);
    expect(await readFile(await download.path(), 'utf8')).toContain(`<stream>${entry.id}_%i</stream>`);

    await page.getByText('Phone (Larix)').click();
    await page.getByRole('button', { name: 'Show the QR code' }).click();
    const code = join(directory, 'code.png');
    await page.getByRole('img', { name: 'Settings for Larix' }).screenshot({ path: code });
    const link = new URL(await scanQrCode(code));
    expect([link.protocol, link.searchParams.get('conn[][name]')]).toEqual(['larix:', 'For a phone']);
    await expectLive(entry, Encoder.publishTo(link.searchParams.get('conn[][url]') ?? ''));
  });

  test('lead to an ingest page that shows each source and why one was refused', async ({ page }) => {
    const entry = await producer.createLiveEntry();
    const { backupUrl = '', streamName = '' } = entry.ingest ?? {};
    const name = streamName.replace('%i', '1');
    const primary = Encoder.publish(entry);
    const backup = Encoder.publishTo(`${backupUrl}/${name}`, { size: '320x180', keyFrameSeconds: 6 });
    const stranger = Encoder.publishTo(`rtmp://127.0.0.1:${server.rtmpPort}/live/${name}?token=wrong`);
    await stranger.ended;
    await new Broadcaster(page, server).signIn();
    await page.goto(`${server.url}/entries/${entry.id}/ingest`);
    const first = page.getByRole('region', { name: 'Primary encoder' });
    const second = page.getByRole('region', { name: 'Backup encoder' });
    await expect(first).toContainText('On air');
    await expect(first).toContainText('640×360');
    await expect(first).toContainText(/A\/V offset\s*[+−]?\d+ ms/);
    await expect(second).toContainText('Standing by');
    await expect(second).toContainText('Key frames are 6.0 seconds apart', { timeout: 30_000 });
    const log = page.getByRole('region', { name: 'What happened' });
    await expect(log).toContainText('The stream key is not right');

    await primary.stop('SIGKILL');
    await expect(first).toHaveCount(0);
    await expect(second).toContainText('On air');
    await expect(page.getByText('The backup is on air')).toBeVisible();
    await expect(log).toContainText('Switched to Backup encoder');
    await backup.stop();
    await expect(page.getByText('No encoder is connected').first()).toBeVisible();
  });
});
