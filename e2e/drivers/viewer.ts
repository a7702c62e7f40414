import type { Locator, Page } from '@playwright/test';
import { until } from './producer.ts';

/** A caption, on the media's time line. */
export interface ShownCue {
  readonly text: string;
  readonly startTime: number;
}

export interface Picture {
  readonly time: number;
  readonly paused: boolean;
  readonly seekableStart: number;
  readonly seekableEnd: number;
  readonly decodedFrames: number;
  readonly audioBytes: number;
  readonly width: number;
  readonly height: number;
  readonly error: string | null;
}

/** Somebody who watches in a browser, on the embed or watch page. */
export class Viewer {
  readonly page: Page;
  /** What the page complained about. */
  readonly errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  picture(): Promise<Picture | undefined> {
    return this.page.evaluate(() => {
      const video = document.querySelector('video');
      if (!video) return undefined;
      const { seekable } = video;
      return {
        time: video.currentTime,
        paused: video.paused,
        seekableStart: seekable.length > 0 ? seekable.start(0) : 0,
        seekableEnd: seekable.length > 0 ? seekable.end(seekable.length - 1) : 0,
        decodedFrames: video.getVideoPlaybackQuality().totalVideoFrames,
        audioBytes: (video as HTMLVideoElement & { webkitAudioDecodedByteCount: number }).webkitAudioDecodedByteCount,
        width: video.videoWidth,
        height: video.videoHeight,
        error: video.error?.message ?? null,
      };
    });
  }

  /** Resolves once picture and sound have gone on for `seconds` of media. */
  async waitUntilPlaying(seconds = 2, withinMs = 30_000): Promise<Picture> {
    const first = await until(
      async () => {
        const picture = await this.picture();
        return picture && !picture.paused && picture.decodedFrames > 0 ? picture : undefined;
      },
      'a picture',
      withinMs,
    );
    return await until(
      async () => {
        const picture = await this.picture();
        if (picture?.error) throw new Error(picture.error);
        return picture && picture.time >= first.time + seconds && picture.decodedFrames > first.decodedFrames
          ? picture
          : undefined;
      },
      'playback to go on',
      withinMs,
    );
  }

  /** Jumps to a position on the media's time line, as dragging the scrubber does. */
  async seekTo(seconds: number): Promise<void> {
    await this.page.evaluate((time) => {
      const video = document.querySelector('video');
      if (video) video.currentTime = time;
    }, seconds);
  }

  get captionsButton(): Locator {
    return this.page.getByRole('button', { name: /^Captions/ });
  }

  /** Opens the captions menu and takes one of its rows. */
  async chooseCaptions(label: string): Promise<void> {
    await this.captionsButton.click();
    await this.page.getByRole('menuitemradio', { name: label, exact: true }).click();
  }

  /** What captions are known of the tracks that are shown. */
  cues(): Promise<ShownCue[]> {
    return this.page.evaluate(() => {
      const tracks = [...(document.querySelector('video')?.textTracks ?? [])].filter(({ mode }) => mode === 'showing');
      const cues = tracks.flatMap(({ cues }) => Array.from(cues ?? []) as VTTCue[]);
      return cues.map(({ text, startTime }) => ({ text: text.replaceAll(/<[^>]*>/g, '').trim(), startTime }));
    });
  }

  /** The captions on the screen. */
  shownText(): Promise<string[]> {
    return this.page.evaluate(() => {
      const tracks = [...(document.querySelector('video')?.textTracks ?? [])].filter(({ mode }) => mode === 'showing');
      const cues = tracks.flatMap(({ activeCues }) => Array.from(activeCues ?? []) as VTTCue[]);
      return cues.map(({ text }) => text.replaceAll(/<[^>]*>/g, '').trim());
    });
  }

  /** Resolves with all cues known by then, once one like this is on the screen. */
  async waitForText(like: RegExp): Promise<ShownCue[]> {
    await until(
      async () => ((await this.shownText()).some((text) => like.test(text)) ? true : undefined),
      `captions like ${like}`,
    );
    return await this.cues();
  }

  /** Resolves with all cues known by then, once there are so many. */
  async waitForCaptions(count: number): Promise<ShownCue[]> {
    return await until(async () => {
      const cues = await this.cues();
      return cues.length >= count ? cues : undefined;
    }, `${count} captions`);
  }

  /** Brightness (0..255) of the middle of the picture. */
  brightness(): Promise<number> {
    return this.page.evaluate(() => {
      const video = document.querySelector('video');
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 8;
      const context = canvas.getContext('2d');
      if (!video || !context) return -1;
      context.drawImage(video, 0, 0, 8, 8);
      const { data } = context.getImageData(0, 0, 8, 8);
      return data.reduce((sum, value, index) => (index % 4 === 3 ? sum : sum + value), 0) / (64 * 3);
    });
  }
}
