import { expect, type Locator, type Page } from '@playwright/test';
import { Broadcaster } from './broadcaster.ts';
import { countedFrameRate, readShownNumber } from './countedEncoder.ts';
import type { ServerUnderTest } from './server.ts';

/** Somebody who cuts in the editor, with mouse and keys. */
export class EditorPage {
  readonly page: Page;
  readonly playhead: Locator;
  readonly dialog: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.playhead = page.getByRole('slider', { name: 'Playhead' });
    this.dialog = page.getByRole('dialog');
  }

  /** Signed in, with a picture. */
  static async open(page: Page, server: ServerUnderTest, entryId: string, query = ''): Promise<EditorPage> {
    if ((await page.context().cookies()).length === 0) await new Broadcaster(page, server).signIn();
    await page.addInitScript(noteShownTimes);
    await page.goto(`${server.url}/entries/${entryId}/editor${query}`);
    const editor = new EditorPage(page);
    await expect(editor.playhead).toBeVisible();
    await expect(page.getByLabel('Loading the preview')).toBeHidden();
    return editor;
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async click(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  async zoom(level: string): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'Zoom' }).getByText(level, { exact: true }).click();
  }

  /** A field for a time or a frame, left with Enter. */
  async type(field: string, text: string): Promise<void> {
    const input = this.page.getByRole('textbox', { name: field, exact: true });
    await input.fill(text);
    await input.press('Enter');
  }

  field(name: string): Locator {
    return this.page.getByRole('textbox', { name, exact: true });
  }

  async frame(): Promise<number> {
    return Number(await this.playhead.getAttribute('aria-valuenow'));
  }

  /** Resolves as soon as the playhead is there, which it may be for a moment only. */
  async waitForFrame(from: number, to = 1e6): Promise<void> {
    await this.page.waitForFunction(
      ([least, most]) => {
        const frame = Number(
          document.querySelector('[role="slider"][aria-label="Playhead"]')?.getAttribute('aria-valuenow'),
        );
        return frame >= least && frame <= most;
      },
      [from, to] as const,
      { timeout: 15_000 },
    );
  }

  /** Takes a handle of the timeline to where a share of the timeline's width is. */
  async drag(handle: 'In' | 'Out', share: number): Promise<void> {
    const track = (await this.page.locator('canvas').boundingBox())!;
    const from = (await this.page.getByRole('slider', { name: handle, exact: true }).boundingBox())!;
    const { mouse } = this.page;
    await mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await mouse.down();
    await mouse.move(track.x + track.width * share + 20, from.y + 20);
    await mouse.move(track.x + track.width * share, from.y + 20);
    await mouse.up();
  }

  /** The number on the screen, once what was sought last is there. */
  async shownNumber(): Promise<number> {
    await this.page.waitForFunction((frameSeconds) => {
      const video = document.querySelector('video');
      const lateSeconds = video ? video.currentTime - Number(video.dataset['shownSeconds']) : NaN;
      return video && !video.seeking && lateSeconds > -0.002 && lateSeconds < frameSeconds;
    }, 1 / countedFrameRate);
    return await this.page.evaluate(readShownNumber);
  }

  drawing(): Promise<Drawing> {
    return this.page.evaluate(readDrawing);
  }

  /** Resolves with the id of the entry that a clip of the session was saved as. */
  async savedEntry(name: RegExp | string): Promise<string> {
    const list = this.page.getByRole('list', { name: 'Clips of this session' });
    const link = list.getByRole('link', { name }).first();
    await expect(link).toBeVisible();
    return /0_[a-z0-9]{8}$/.exec((await link.getAttribute('href')) ?? '')?.[0] ?? '';
  }
}

/** Runs in a page before its own scripts: writes on the preview which frame is painted, a little later than it is there. */
function noteShownTimes(): void {
  const follow = ({ target }: Event) => {
    if (!(target instanceof HTMLVideoElement) || target.dataset['followed']) return;
    target.dataset['followed'] = 'yes';
    const note = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      target.dataset['shownSeconds'] = String(mediaTime);
      target.requestVideoFrameCallback(note);
    };
    target.requestVideoFrameCallback(note);
  };
  document.addEventListener('loadstart', follow, true);
}

/** Of the timeline as it is drawn: shares of their bands that are pictures, and that are waveform. */
interface Drawing {
  readonly film: number;
  readonly wave: number;
  /** Another one where something else is drawn. */
  readonly checksum: number;
}

/** Runs in a page. */
function readDrawing(): Drawing {
  const canvas = document.querySelector('canvas')!;
  const context = canvas.getContext('2d')!;
  const style = getComputedStyle(canvas);
  const scratch = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const colour = (name: string) => {
    scratch.fillStyle = style.getPropertyValue(name).trim();
    scratch.fillRect(0, 0, 1, 1);
    return scratch.getImageData(0, 0, 1, 1).data;
  };
  const scale = canvas.height / 132;
  const band = (top: number, bottom: number) =>
    context.getImageData(0, Math.ceil(top * scale), canvas.width, Math.floor((bottom - top) * scale)).data;
  const share = (pixels: Uint8ClampedArray, test: (distance: number) => boolean, of: Uint8ClampedArray) => {
    let count = 0;
    for (let at = 0; at < pixels.length; at += 4) {
      const distance = [0, 1, 2].reduce((sum, one) => sum + Math.abs(pixels[at + one]! - of[one]!), 0);
      if (test(distance)) count++;
    }
    return (count * 4) / pixels.length;
  };
  const [film, wave] = [band(26, 84), band(84, 132)];
  let checksum = 0;
  for (const value of [...film, ...wave]) checksum = (checksum * 31 + value) | 0;
  return {
    film: share(film, (distance) => distance > 24, colour('--tl-sunken')),
    wave: share(wave, (distance) => distance < 12, colour('--mantine-color-anchor')),
    checksum,
  };
}
