import { expect, test, type Page } from '@playwright/test';
import type { LiveEntry, VideoEntry } from '../shared/model/entry.ts';
import { Broadcaster } from './drivers/broadcaster.ts';
import { CountedEncoder, countedFrameRate, readNumbers } from './drivers/countedEncoder.ts';
import { EditorPage } from './drivers/editorPage.ts';
import { expectAccessible, expectNoSideways } from './drivers/pageChecks.ts';
import { Producer, until } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';

const numbersFrom = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

test.describe('the editor', () => {
  let server: ServerUnderTest;
  let producer: Producer;
  /** By entry. */
  const encoders = new Map<string, CountedEncoder>();
  /** On air all the time. */
  let live: LiveEntry;
  /** Its first broadcast is over. */
  let appended: LiveEntry;
  let recording: VideoEntry;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
    live = await onAir('Morning lecture', 'off');
    appended = await onAir('Evening lecture', 'append');
    const lecture = await onAir('Noon lecture', 'perSession');
    await untilStored(lecture.id, 9000);
    for (const entry of [lecture, appended]) await end(entry);
    [recording] = (await producer.call<{ items: [VideoEntry] }>('GET', `/entries/${lecture.id}/recordings`)).items;
  });
  test.afterAll(async () => {
    await Promise.all(Array.from(encoders.values(), (encoder) => encoder.stop()));
    await server.stop();
  });

  async function onAir(name: string, recorded: string): Promise<LiveEntry> {
    const entry = await producer.createLiveEntry({ recording: recorded, name });
    await broadcast(entry);
    return entry;
  }

  async function broadcast(entry: LiveEntry): Promise<void> {
    encoders.set(entry.id, new CountedEncoder(entry));
    await producer.waitForState(entry.id, 'live');
  }

  async function end({ id }: LiveEntry): Promise<void> {
    await encoders.get(id)?.stop();
    await producer.call('POST', `/entries/${id}/end`);
  }

  const video = (id: string) => producer.call<VideoEntry>('GET', `/entries/${id}`);
  const numbersOf = async (id: string) =>
    await readNumbers((await video(id)).playback.hls?.replace('master.m3u8', 'v0.m3u8') ?? '');

  async function untilStored(id: string, ms: number): Promise<void> {
    await until(async () => {
      const span = await producer.call<{ startMs: number; endMs: number }>('GET', `/entries/${id}/timeline`);
      return span.endMs - span.startMs > ms ? true : undefined;
    }, `${ms} ms of media`);
  }

  /** The player on an entry's page has so many seconds. */
  async function expectPlayerOf(page: Page, seconds: number): Promise<void> {
    const player = page.frameLocator('iframe').locator('video');
    await expect.poll(() => player.evaluate((element: HTMLVideoElement) => element.duration)).toBeCloseTo(seconds, 1);
  }

  test('cuts a clip out of what is on air, from the frame that was shown to the frame that was shown', async ({
    page,
  }) => {
    await untilStored(live.id, 8000);
    const editor = await EditorPage.open(page, server, live.id);
    const endBefore = Number(await editor.playhead.getAttribute('aria-valuemax'));
    await editor.press('End', ...Array.from({ length: 5 }, () => 'Shift+ArrowLeft'), 'i');
    const first = await editor.shownNumber();
    await editor.press('Shift+ArrowRight', 'Shift+ArrowRight', 'ArrowRight', 'o');
    const last = await editor.shownNumber();
    expect(last - first).toBe(2 * countedFrameRate + 1);
    await editor.click('Save clip');
    const id = await editor.savedEntry('Clip of Morning lecture');
    expect(await numbersOf(id)).toEqual(numbersFrom(first, last));
    expect(await video(id)).toMatchObject({ origin: 'clip', sourceEntryId: live.id, status: 'ready' });
    const end = async () => Number(await editor.playhead.getAttribute('aria-valuemax'));
    await expect.poll(end).toBeGreaterThan(endBefore);

    // Where it begins, at the last frame that is stored, what is loaded first often begins with the next one.
    const shownAhead = async () => (await editor.shownNumber()) - (await editor.frame());
    const ahead = await shownAhead();
    for (let opened = 0; opened < 3; opened++) {
      await EditorPage.open(page, server, live.id);
      await expect.poll(shownAhead).toBe(ahead);
    }
  });

  test('cuts several clips, and one entry of them in another order, frame by frame as they were shown', async ({
    page,
  }) => {
    const editor = await EditorPage.open(page, server, recording.id);
    expect(await editor.shownNumber()).toBe(0);
    await editor.press('Shift+ArrowRight', 'ArrowRight', 'ArrowRight', 'i');
    expect(await editor.shownNumber()).toBe(27);
    await editor.press('Shift+ArrowRight', 'ArrowLeft', 'o');
    expect(await editor.shownNumber()).toBe(51);
    await editor.press('Shift+ArrowRight', 'n', 'Shift+ArrowRight', 'o', 'Control+z', 'Control+Shift+z');
    await expect(editor.field('Last frame')).toHaveValue('101');
    await editor.type('First frame', '80');
    expect(await editor.shownNumber()).toBe(80);
    await editor.field('Name').fill('Second exercise');

    await page.getByRole('link', { name: 'Entries' }).first().click();
    await editor.dialog.getByRole('button', { name: 'Stay here' }).click();
    await expect(editor.dialog).toBeHidden();
    await editor.click('Save 2 clips');
    const second = await editor.savedEntry('Second exercise');
    const first = await editor.savedEntry(/^Clip of/);
    expect(await numbersOf(first)).toEqual(numbersFrom(27, 51));
    expect(await numbersOf(second)).toEqual(numbersFrom(80, 101));

    await editor.click('Move Second exercise up');
    await editor.click('Save as one entry…');
    await editor.dialog.getByRole('textbox', { name: 'Name' }).fill('Both exercises');
    await editor.dialog.getByRole('button', { name: 'Save' }).click();
    const both = await editor.savedEntry('Both exercises');
    expect(await numbersOf(both)).toEqual([...numbersFrom(80, 101), ...numbersFrom(27, 51)]);

    await page.goto(`${server.url}/entries/${recording.id}/clips`);
    const row = page.getByRole('row', { name: /Second exercise/ });
    await expect(row).toContainText(second);
    await expect(row).toContainText('admin');
    await page.goto(`${server.url}/entries`);
    await expect(page.getByRole('row', { name: /Both exercises/ })).toBeVisible();
  });

  test('trims a video in place, and gives it its original back', async ({ page }) => {
    const whole = { inMs: 0, outMs: 6000, name: 'To be trimmed' };
    const { id, durationMs } = await producer.call<VideoEntry>('POST', `/entries/${recording.id}/clips`, whole);
    const editor = await EditorPage.open(page, server, id, '?mode=trim');
    await editor.press('Shift+ArrowRight', 'i', 'Shift+ArrowRight', 'Shift+ArrowRight', 'o');
    await editor.click('Save trim');
    await expect(page.getByText('This video is trimmed')).toBeVisible();
    expect(await numbersOf(id)).toEqual(numbersFrom(25, 75));
    await expectPlayerOf(page, 51 / countedFrameRate);
    await editor.click('Undo trim');
    await expect(page.getByText('This video is trimmed')).toBeHidden();
    // The player that was there follows.
    await expectPlayerOf(page, durationMs / 1000);
    expect(await numbersOf(id)).toEqual(numbersFrom(0, 149));
  });

  test('plays forwards, faster, backwards and in a loop; where it stops is what is shown', async ({ page }) => {
    const editor = await EditorPage.open(page, server, recording.id);
    const stopped = async () => {
      const frame = await editor.frame();
      expect(await editor.shownNumber()).toBe(frame);
      expect(await editor.frame()).toBe(frame);
      return frame;
    };
    await editor.press(' ');
    await editor.waitForFrame(5);
    await editor.press('l', 'l');
    await expect(page.getByText('4×')).toBeVisible();
    await editor.waitForFrame(60);
    await editor.press('k');
    const forwards = await stopped();
    expect(forwards).toBeGreaterThanOrEqual(60);
    await editor.press('j');
    await editor.waitForFrame(0, forwards - 20);
    await editor.press('k');
    expect(await stopped()).toBeLessThanOrEqual(forwards - 20);

    await editor.press('Home', 'Shift+ArrowRight', 'i', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'o', 'Home', ' ');
    await editor.waitForFrame(2, 24);
    await editor.press('p');
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
    expect(await stopped()).toBe(28);

    await editor.click('Loop');
    await editor.press('End', 'Shift+ArrowLeft', 'i');
    const first = await editor.frame();
    const last = first + countedFrameRate;
    await expect(editor.field('Last frame')).toHaveValue(String(last));
    await editor.click('Play clip');
    for (let round = 0; round < 2; round++) {
      await editor.waitForFrame(last - 3, last);
      await editor.waitForFrame(first, last - 10);
    }
    await editor.press('k');
    expect(await stopped()).toBeGreaterThanOrEqual(first);
  });

  test('draws pictures and sound at every zoom, and moves both ends by hand, by button and by number', async ({
    page,
  }) => {
    const editor = await EditorPage.open(page, server, recording.id);
    let before = 0;
    // Ten seconds do not fill more than the page at the second level.
    for (const [level, isFiner] of [
      ['100 %', true],
      ['5 s', false],
      ['1 s', true],
      ['Frames', true],
    ] as const) {
      await editor.zoom(level);
      await expect.poll(async () => (await editor.drawing()).film, level).toBeGreaterThan(0.9);
      await expect.poll(async () => (await editor.drawing()).wave, level).toBeGreaterThan(0.05);
      const { checksum } = await editor.drawing();
      if (isFiner) expect(checksum, level).not.toBe(before);
      before = checksum;
    }
    await editor.zoom('100 %');
    // Keys are commands, though the focus is on what was clicked.
    await editor.press('Shift+ArrowLeft', 'i');
    await expect(editor.field('First frame')).toHaveValue('0');
    const end = Number(await editor.playhead.getAttribute('aria-valuemax'));
    await editor.drag('In', 0.25);
    await editor.drag('Out', 0.75);
    const [first, last] = [Number(await editor.field('First frame').inputValue()), await editor.frame()];
    expect(Math.abs(first - end / 4)).toBeLessThan(3);
    expect(Math.abs(last - (end * 3) / 4)).toBeLessThan(3);
    expect(await editor.shownNumber()).toBe(last);
    await expect(editor.field('Last frame')).toHaveValue(String(last));
    await editor.click('Undo');
    await expect(editor.field('Last frame')).toHaveValue(String(end - 1));
    await expect(editor.field('First frame')).toHaveValue(String(first));

    await editor.type('In', '00:00:01.000');
    await editor.type('Out', '4,08');
    await expect(editor.field('Out')).toHaveValue('00:00:04.080');
    await expect(editor.field('Last frame')).toHaveValue('101');
    await editor.type('First frame', '10');
    await editor.press('o');
    await expect(editor.field('Last frame')).toHaveValue('10');
    await editor.type('Playhead', '2');
    await editor.click('Set Out');
    await editor.press('Shift+ArrowLeft');
    await editor.click('Set In');
    await expect(page.getByText('26 frames', { exact: true })).toBeVisible();
    await editor.field('First frame').fill('77');
    await editor.field('First frame').press('Escape');
    await expect(editor.field('First frame')).toHaveValue('25');
    await editor.click('Save clip');
    expect(await numbersOf(await editor.savedEntry(/^Clip of/))).toEqual(numbersFrom(25, 50));
  });

  test('keeps to the frames that were marked when the broadcast ends and joins earlier ones', async ({ page }) => {
    await broadcast(appended);
    await untilStored(appended.id, 4000);
    const editor = await EditorPage.open(page, server, appended.id);
    await editor.press('End', 'Shift+ArrowLeft', 'Shift+ArrowLeft', 'i');
    const first = await editor.shownNumber();
    await editor.press('Shift+ArrowRight', 'o');
    const marked = await editor.field('First frame').inputValue();
    await untilStored(appended.id, 6000);
    await end(appended);
    await expect(page.getByRole('button', { name: 'To the end' })).toBeVisible();
    await expect(page.getByLabel('Loading the preview')).toBeHidden();
    await editor.press('Shift+I');
    await expect.poll(() => editor.shownNumber()).toBe(first);
    await expect(editor.field('First frame')).toHaveValue(marked);
    await editor.click('Save clip');
    const id = await editor.savedEntry(/^Clip of/);
    expect(await numbersOf(id)).toEqual(numbersFrom(first, first + countedFrameRate));
  });

  test('has the frames of what a browser broadcasts', async ({ page, context }) => {
    const entry = await producer.createLiveEntry({ name: 'From a browser' });
    const broadcaster = new Broadcaster(page, server);
    await broadcaster.prepare(entry.id);
    await broadcaster.goLive();
    await producer.waitForState(entry.id, 'live');
    await untilStored(entry.id, 4000);
    const editor = await EditorPage.open(await context.newPage(), server, entry.id);
    await expect.poll(async () => (await editor.drawing()).film).toBeGreaterThan(0.9);
    await editor.zoom('Frames');
    await editor.press('End', 'Shift+ArrowLeft', 'Shift+ArrowLeft');
    const frame = await editor.frame();
    await editor.press('i', 'ArrowRight', 'ArrowRight', 'ArrowLeft');
    expect(await editor.frame()).toBe(frame + 1);
    await editor.press('Shift+ArrowRight', 'o');
    await editor.click('Save clip');
    const frames = (await numbersOf(await editor.savedEntry(/^Clip of/))).length;
    expect(frames).toBeGreaterThan(5);
    expect(frames).toBeLessThan(70);
  });

  test('is accessible and fits, wide and narrow, light and dark', async ({ page }) => {
    const editor = await EditorPage.open(page, server, recording.id);
    await editor.press('n', '?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await editor.press('Escape');
    await expect(editor.dialog).toBeHidden();
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectAccessible(page);
      await expectNoSideways(page);
    }
    await expect(page.getByRole('slider', { name: 'In' })).toHaveAttribute('aria-valuetext', '0 seconds, frame 0');
  });
});
