import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type APIRequestContext } from '@playwright/test';
import type { LiveEntry } from '../shared/model/entry.ts';
import { makeCaptionedFile } from './drivers/captionedFile.ts';
import { CaptioningEncoder } from './drivers/captioningEncoder.ts';
import { Encoder } from './drivers/encoder.ts';
import { Producer, until } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { Viewer, type ShownCue } from './drivers/viewer.ts';

/** A caption may be cut into several, where segments and parts end. */
function startOf(cues: readonly ShownCue[], wanted: string): number {
  return Math.min(...cues.filter(({ text }) => text === wanted).map(({ startTime }) => startTime));
}

/** The newest segment of WebVTT, once there is one that says this. */
function webVttWith(words: string, masterUrl: string, request: APIRequestContext): Promise<string> {
  return until(async () => {
    const master = await (await request.get(masterUrl)).text();
    const playlist = /TYPE=SUBTITLES.*URI="([^"]*)"/.exec(master)?.[1];
    if (!playlist) return undefined;
    const segments = await (await request.get(new URL(playlist, masterUrl).href)).text();
    const last = segments.match(/^\S+\.vtt$/gm)?.at(-1);
    if (!last) return undefined;
    const said = await (await request.get(new URL(last, masterUrl).href)).text();
    return said.includes(words) ? said : undefined;
  }, `WebVTT with ${words}`);
}

test.describe('captions of a broadcast', () => {
  let server: ServerUnderTest;
  let producer: Producer;
  let directory: string;
  let file: string;

  test.beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'captions-'));
    file = join(directory, 'captioned.flv');
    [server] = await Promise.all([ServerUnderTest.start(), makeCaptionedFile(file, 90)]);
    producer = await Producer.signIn(server);
  });
  test.afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function broadcast(settings: Record<string, unknown> = {}): Promise<{ entry: LiveEntry; encoder: Encoder }> {
    const entry = await producer.createLiveEntry(settings);
    const encoder = Encoder.publishFile(entry, file);
    await producer.waitForState(entry.id, 'live');
    return { entry, encoder };
  }

  for (const engine of ['hlsjs', 'shaka']) {
    test(`are shown by ${engine}, from inside the picture and as text, at the same times`, async ({ page }) => {
      const { entry, encoder } = await broadcast();
      const viewer = new Viewer(page);
      await viewer.open(`${entry.playback.embed}?engine=${engine}&muted=1`);
      await viewer.waitUntilPlaying(1);
      expect(await viewer.shownText()).toEqual([]);

      for (const label of ['English', 'English · CC1']) {
        await viewer.chooseCaptions(label);
        await viewer.waitForText(/^CAPTION \d+$/);
      }
      const inDvr = async (label: string) => {
        await viewer.chooseCaptions(label);
        const { seekableStart = 0 } = (await viewer.picture()) ?? {};
        await viewer.seekTo(seekableStart + 1);
        return await viewer.waitForCaptions(3);
      };
      const asText = await inDvr('English');
      const inside = await inDvr('English · CC1');
      const common = asText.filter(({ text }) => inside.some((cue) => cue.text === text)).map(({ text }) => text);
      // The one that was on the screen where the viewer came may have begun before.
      const compared = new Set(common.filter((text) => text !== asText[0]?.text && text !== inside[0]?.text));
      expect(compared.size).toBeGreaterThan(0);
      // shaka shows what is inside up to two frames early, where frames are decoded in another order than shown.
      for (const text of compared) expect(Math.abs(startOf(asText, text) - startOf(inside, text))).toBeLessThan(0.1);

      await page.locator('media-controller').press('c');
      await expect.poll(() => viewer.shownText()).toEqual([]);
      await page.locator('media-controller').press('c');
      await viewer.waitForText(/^CAPTION \d+$/);
      expect(viewer.errors).toEqual([]);
      await encoder.stop();
    });
  }

  test('have the language and the name that the producer gives them', async ({ request }) => {
    const channels = [{ channel: 'CC1', language: 'fr', label: 'Français' }];
    const { entry, encoder } = await broadcast({ captions: { mode: 'auto', channels } });
    const master = await (await request.get(entry.playback.hls ?? '')).text();
    expect(master).toContain('TYPE=CLOSED-CAPTIONS,GROUP-ID="captions",NAME="Français",LANGUAGE="fr"');
    expect(master).toContain('TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="Français",LANGUAGE="fr"');
    const mpd = await (await request.get(entry.playback.dash ?? '')).text();
    expect(mpd).toContain('<Accessibility schemeIdUri="urn:scte:dash:cc:cea-608:2015" value="CC1=fre"/>');
    await encoder.stop();
  });

  test('that an encoder sends beside its picture are text, also for who was watching before', async ({
    page,
    request,
  }) => {
    const silentSeconds = 10;
    const subtitles = Array.from({ length: 59 - silentSeconds }, (_, index) => {
      const clock = (seconds: number) => `00:00:${silentSeconds + seconds},000`;
      return `${index + 1}\n${clock(index)} --> ${clock(index + 1)}\nSaid ${index}\n`;
    });
    const srt = join(directory, 'said.srt');
    await writeFile(srt, subtitles.join('\n'));
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publishWithText(entry, srt);
    await producer.waitForState(entry.id, 'live');
    const viewer = new Viewer(page);
    await viewer.open(`${entry.playback.embed}?engine=hlsjs&muted=1`);
    await viewer.waitUntilPlaying(1);
    await expect(viewer.captionsButton).toBeHidden();
    const url = entry.playback.hls ?? '';
    const text = await webVttWith('Said', url, request);
    const cues = [...text.matchAll(/(\d\d:\d\d:\d\d\.\d{3}) --> .*\nSaid (\d+)\n/g)];
    expect(cues.length).toBeGreaterThan(0);
    await viewer.chooseCaptions('English');
    await viewer.waitForText(/^Said \d+$/);
    expect(viewer.errors).toEqual([]);
    await encoder.stop();
  });

  test('that are digital alone are shown by both engines', async ({ browser }) => {
    const digital = join(directory, 'digital.flv');
    await makeCaptionedFile(digital, 40, '708');
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publishFile(entry, digital);
    await producer.waitForState(entry.id, 'live');
    const watch = async (engine: string): Promise<void> => {
      const viewer = new Viewer(await browser.newPage());
      await viewer.open(`${entry.playback.embed}?engine=${engine}&muted=1`);
      await viewer.waitUntilPlaying(1);
      await viewer.chooseCaptions('English');
      await viewer.waitForText(/^CAPTION \d+$/);
      expect(viewer.errors).toEqual([]);
      await viewer.page.close();
    };
    await Promise.all(['hlsjs', 'shaka'].map(watch));
    await encoder.stop();
  });

  test('that an encoder sends as onCaptionInfo are text', async ({ request }) => {
    const plain = join(directory, 'plain.flv');
    await makeCaptionedFile(plain, 20, 'none');
    const entry = await producer.createLiveEntry();
    const encoder = CaptioningEncoder.publish(entry, await readFile(plain));
    await producer.waitForState(entry.id, 'live');
    const text = await webVttWith('CAPTION', entry.playback.hls ?? '', request);
    expect(text).toMatch(/^WEBVTT\n/);
    expect(text).toMatch(/\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}.*\nCAPTION \d+\n/);
    expect(encoder.error).toBeUndefined();
    encoder.stop();
  });
});
