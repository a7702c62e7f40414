import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { LiveEntry } from '../shared/model/entry.ts';
import { Broadcaster } from './drivers/broadcaster.ts';
import { Encoder } from './drivers/encoder.ts';
import { Producer, until } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { Viewer } from './drivers/viewer.ts';

type Colour = 'red' | 'green' | 'blue';
const colours = ['red', 'lime', 'blue'];
const secondsOfEach = 6;

/** A film that is red, then green, then blue. */
function makeFilm(path: string): void {
  const inputs = colours.flatMap((colour) => [
    '-f',
    'lavfi',
    '-i',
    `color=${colour}:s=640x360:r=25:d=${secondsOfEach}`,
  ]);
  const sound = ['-f', 'lavfi', '-i', `sine=r=48000:d=${colours.length * secondsOfEach}`];
  const video = ['-map', '[v]', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50'];
  const filter = ['-filter_complex', `${colours.map((_, index) => `[${index}]`).join('')}concat=${colours.length}[v]`];
  const audio = ['-map', `${colours.length}:a`, '-c:a', 'aac'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, ...sound, ...filter, ...video, ...audio, path]);
}

type PointOfPicture = [address: string, x: number, y: number];

/** Runs in a page: the colour in the middle of an area of a picture. */
async function readColour([address, x, y]: PointOfPicture): Promise<string> {
  const image = new Image();
  image.crossOrigin = 'anonymous';
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d')!;
  context.drawImage(image, 0, 0);
  const [red = 0, green = 0, blue = 0] = context.getImageData(x, y, 1, 1).data;
  if (red > 180 && green < 90 && blue < 90) return 'red';
  if (green > 180 && red < 90 && blue < 90) return 'green';
  return blue > 180 && red < 90 && green < 90 ? 'blue' : `${red},${green},${blue}`;
}

/** Points at a place of the seek bar until the picture above it has that colour. */
async function expectPreview(page: Page, share: number, colour: Colour): Promise<void> {
  await page.bringToFront();
  const bar = (await page.locator('media-time-range').boundingBox())!;
  let nudge = 0;
  await expect
    .poll(async () => {
      nudge = 1 - nudge;
      await page.mouse.move(bar.x + 10 + (bar.width - 20) * share + nudge, bar.y + bar.height / 2);
      const image = (await page.locator('media-time-range').getAttribute('mediapreviewimage')) ?? '';
      const [x = 0, y = 0, width = 0, height = 0] = image.split('#xywh=')[1]?.split(',').map(Number) ?? [];
      return image === ''
        ? 'nothing'
        : await page.evaluate(readColour, [image, x + width / 2, y + height / 2] as PointOfPicture);
    })
    .toBe(colour);
}

test.describe('pictures', () => {
  let server: ServerUnderTest;
  let producer: Producer;
  let folder: string;
  /** On air from the beginning, for the test that needs it when it is over. */
  let over: LiveEntry;
  let film: Encoder;

  test.beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallylight-film-'));
    makeFilm(join(folder, 'film.mp4'));
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
    over = await producer.createLiveEntry({ name: 'Three colours', recording: 'perSession' });
    film = Encoder.publishFile(over, join(folder, 'film.mp4'));
    await producer.waitForState(over.id, 'live');
  });
  test.afterAll(async () => {
    await film.stop();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  test('are there while it is live, above the seek bar, and of the recording afterwards', async ({ context }) => {
    const entry = await producer.createLiveEntry({ name: 'Colours on air', recording: 'perSession' });
    const encoder = Encoder.publishFile(entry, join(folder, 'film.mp4'));
    await producer.waitForState(entry.id, 'live');
    const viewers = await Promise.all(
      ['hlsjs', 'shaka'].map(async (engine) => {
        const viewer = new Viewer(await context.newPage());
        await viewer.open(`${entry.playback.embed}?engine=${engine}&muted=1`);
        await viewer.waitUntilPlaying(1);
        return viewer;
      }),
    );
    await until(async () => {
      const picture = await viewers[0]!.picture();
      return picture && picture.seekableEnd - picture.seekableStart > 12 ? picture : undefined;
    }, 'twelve seconds');
    for (const { page } of viewers) await expectPreview(page, 0.02, 'red');
    const { page } = viewers[0]!;
    const live = `${server.url}/play/${entry.id}/thumbnail.jpg?t=8000&width=320`;
    expect(await page.evaluate(readColour, [live, 160, 90] as PointOfPicture)).toBe('green');
    await encoder.stop();
    await producer.call('POST', `/entries/${entry.id}/end`);

    for (const viewer of viewers) {
      const duration = () => viewer.page.evaluate(() => document.querySelector('video')?.duration);
      await expect.poll(duration).toBeLessThan(60);
      await expectPreview(viewer.page, 0.1, 'red');
      await expectPreview(viewer.page, 0.6, 'green');
      expect(viewer.errors).toEqual([]);
    }
  });

  test('a producer chooses: a frame, then automatically again, then a picture of their own', async ({ page }) => {
    await film.ended;
    await producer.call('POST', `/entries/${over.id}/end`);
    await new Broadcaster(page, server).signIn();
    await page.goto(`${server.url}/entries/${over.id}/settings`);
    const section = page.getByRole('region', { name: 'Picture' });
    const shown = async () => {
      const source = await section.getByRole('img', { name: over.name }).getAttribute('src');
      return await page.evaluate(readColour, [new URL(source!, server.url).href, 100, 100] as PointOfPicture);
    };
    await expect(section).toContainText('Chosen automatically');

    await section.getByRole('button', { name: 'Choose a frame…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose a frame' });
    const slider = dialog.getByRole('slider');
    // A dialog that opens takes the focus, and the key with it, away from what had it.
    await expect(async () => {
      await slider.press('End');
      const end = await slider.getAttribute('aria-valuemax');
      await expect(slider).toHaveAttribute('aria-valuenow', end ?? '', { timeout: 500 });
    }).toPass();
    for (let back = 0; back < 4; back++) await dialog.getByRole('button', { name: 'A second back' }).click();
    await expect(dialog.getByAltText('The frame at')).toHaveAttribute('src', /t=\d{5}&/);
    await dialog.getByRole('button', { name: 'Use this frame' }).click();
    await expect(dialog).toBeHidden();
    await expect(section).toContainText('Chosen by you');
    await expect.poll(shown).toMatch(/green|blue/);
    const chosen = `${server.url}/play/${over.id}/thumbnail.jpg`;
    expect(await page.evaluate(readColour, [chosen, 100, 100] as PointOfPicture)).toMatch(/green|blue/);

    await section.getByRole('button', { name: 'Choose automatically' }).click();
    await expect(section).toContainText('Chosen automatically');
    await expect.poll(shown).toBe('red');

    const picture = [
      '-f',
      'lavfi',
      '-i',
      'color=blue:s=400x300',
      '-frames:v',
      '1',
      '-f',
      'image2pipe',
      '-c:v',
      'png',
      '-',
    ];
    const blue = execFileSync('ffmpeg', ['-v', 'error', ...picture]);
    const choose = section.locator('input[type=file]');
    await choose.setInputFiles({ name: 'blue.png', mimeType: 'image/png', buffer: blue });
    await expect(section).toContainText('Chosen by you');
    await expect.poll(shown).toBe('blue');
    await choose.setInputFiles({ name: 'half.png', mimeType: 'image/png', buffer: blue.subarray(0, 200) });
    await expect(section.getByRole('alert')).toContainText('This picture cannot be read');
    expect(await shown()).toBe('blue');
  });
});
