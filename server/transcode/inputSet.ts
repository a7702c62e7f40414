import type { CaptionMessage } from '../media/captions/captionMessage.ts';
import { ReadingClock } from '../media/readingClock.ts';
import type { TranscodeInput, TranscodeReading, TranscodeStart } from './transcoder.ts';

/** What one ffmpeg reads, opened together so that media made together stay together. */
export class InputSet {
  readonly #inputs: readonly TranscodeInput[];
  readonly #readings: readonly TranscodeReading[];

  private constructor(inputs: readonly TranscodeInput[], readings: readonly TranscodeReading[]) {
    this.#inputs = inputs;
    this.#readings = readings;
  }

  /** Rejects when one of them cannot be opened; the others are closed again. */
  static async open(inputs: readonly TranscodeInput[], start: Omit<TranscodeStart, 'clock'>): Promise<InputSet> {
    const clock = new ReadingClock();
    const opened = await Promise.allSettled(inputs.map((input) => input.open({ ...start, clock })));
    const readings = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = opened.find((result) => result.status === 'rejected');
    if (!failed) return new InputSet(inputs, readings);
    await Promise.all(readings.map((reading) => reading.close()));
    throw failed.reason;
  }

  /** Of each input, everything up to `-i <url>`. */
  get args(): readonly (readonly string[])[] {
    return this.#readings.map(({ inputArgs }) => inputArgs);
  }

  /** How long before now the media came that the first input would begin with: never in the future, whatever their times. */
  get ageMs(): number {
    return Math.max(0, this.#readings[0]?.ageMs ?? 0);
  }

  /** Of each input, what is to be written to its pipe, where it has one. */
  get streams(): readonly (NodeJS.ReadableStream | undefined)[] {
    return this.#readings.map(({ stdin }) => stdin);
  }

  /** Captions that come beside the media of the first input. */
  onCaption(listener: (caption: CaptionMessage) => void): void {
    this.#readings[0]?.onCaption?.(listener);
  }

  /** ffmpeg has been started. */
  start(): void {
    for (const reading of this.#readings) reading.start();
    this.requestKeyFrames();
  }

  requestKeyFrames(): void {
    for (const input of this.#inputs) input.requestKeyFrame();
  }

  /** Lets go of what comes from now on; true when each then ends by itself, once what is on its way has been read. */
  finish(): boolean {
    for (const reading of this.#readings) {
      if (reading.finish) reading.finish();
      else if (reading.stdin) void reading.close();
    }
    return this.#readings.every((reading) => reading.finish !== undefined || reading.stdin !== undefined);
  }

  /** Idempotent; never rejects. */
  async close(): Promise<void> {
    await Promise.all(this.#readings.map((reading) => reading.close()));
  }
}
