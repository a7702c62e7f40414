import type { CaptionSettings } from '../../shared/model/captions.ts';
import type { Logger } from '../log.ts';
import { buildCommand } from './args.ts';
import type { BitrateMeter } from './bitrateMeter.ts';
import { CaptionWriter } from './captions/captionWriter.ts';
import type { OutputTrack } from './ladder.ts';
import { MediaAssembly } from './mediaAssembly.ts';
import { FfmpegProcess } from './process.ts';
import { TimelineOutput } from './timelineOutput.ts';
import type { PastTracks } from './pastTracks.ts';
import { InputSet } from './inputSet.ts';
import type { TranscodeInput } from './transcoder.ts';
import type { TimelineWriter } from '../segments/segmentStore.ts';

/** What is repeated at a restart or a switch puts the timeline ahead of the wall clock: by no more than this. */
const mostAheadMs = 4000;

export interface RunOptions {
  readonly ffmpegPath: string;
  readonly segmentSeconds: number;
  readonly inputs: readonly TranscodeInput[];
  readonly writer: TimelineWriter;
  readonly tracks: readonly OutputTrack[];
  /** Of the copied tracks, by id; they outlive the run. */
  readonly meters: ReadonlyMap<string, BitrateMeter>;
  readonly past: PastTracks;
  readonly captions: CaptionSettings;
  readonly onMisaligned?: (input: number) => void;
  readonly now: () => number;
  readonly log: Logger;
}

export interface RunEnd {
  /** It had read its input to the end. */
  readonly complete: boolean;
  readonly message: string;
  readonly lines: readonly string[];
}

/** One ffmpeg from its start to its end, with what it reads and what becomes of its output. */
export class TranscodeRun {
  /** As soon as ffmpeg has ended. */
  readonly ended: Promise<RunEnd>;
  readonly #options: RunOptions;
  readonly #inputs: InputSet;
  readonly #process: FfmpegProcess;
  readonly #output: TimelineOutput;
  readonly #assembly: MediaAssembly;
  readonly #keyFrames: NodeJS.Timeout;
  #failure: string | undefined;

  /** Rejects when the input cannot be opened. */
  static async start(options: RunOptions): Promise<TranscodeRun> {
    const { writer, now } = options;
    const { epochMs } = writer.timeline;
    const behindMs = now() - epochMs - writer.nextStartMs(epochMs);
    const inputs = await InputSet.open(options.inputs, {
      maxAgeMs: Math.max(0, mostAheadMs + Math.min(behindMs, 0)),
      missedMs: Math.max(0, behindMs),
    });
    try {
      return new TranscodeRun(options, inputs);
    } catch (error) {
      await inputs.close();
      throw error;
    }
  }

  private constructor(options: RunOptions, inputs: InputSet) {
    const { ffmpegPath, writer, tracks, segmentSeconds } = options;
    this.#options = options;
    this.#inputs = inputs;
    this.#output = new TimelineOutput(writer, (error) => this.#fail(error));
    const segmentMs = segmentSeconds * 1000;
    const { meters, past, onMisaligned } = options;
    const output = this.#output;
    const sources = options.inputs.map((input) => input.tracks);
    const captions = new CaptionWriter(options.captions, writer.timeline.periods.at(-1));
    this.#assembly = new MediaAssembly({ tracks, sources, output, segmentMs, meters, past, captions, onMisaligned });
    // Media of the past go where they were on the wall clock, as far as nothing is stored there.
    const offsetMs = writer.nextStartMs(options.now() - inputs.ageMs);
    inputs.onCaption((caption) => captions.take({ ...caption, atMs: caption.atMs + offsetMs }));
    const command = buildCommand({ inputs: inputs.args, tracks, offsetMs, segmentSeconds });
    this.#process = new FfmpegProcess(ffmpegPath, command, inputs.streams);
    this.#process.outputs.forEach((output, index) => {
      // Always drained: ffmpeg writes all outputs in one loop, and one that is not read stops the others.
      output.on('data', (chunk: Uint8Array) => this.#take(index, chunk));
    });
    this.ended = this.#watch();
    this.#startReading();
    this.#keyFrames = setInterval(() => inputs.requestKeyFrames(), segmentMs);
    options.log.info({ pid: this.#process.pid, offsetMs, tracks: tracks.map(({ id }) => id) }, 'ffmpeg started');
  }

  /** Lets ffmpeg finish what it has. Idempotent; never rejects. */
  async stop(): Promise<void> {
    // Where media end with their reading, ffmpeg first reads what is on its way; else it has to be told to stop.
    await this.#process.stop(this.#inputs.finish());
    await this.settle();
  }

  /** After its end: the input is let go of, and everything that came out is stored. Never rejects. */
  async settle(): Promise<void> {
    await this.ended;
    await this.#inputs.close();
    await this.#output.settle();
  }

  #startReading(): void {
    try {
      this.#inputs.start();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #watch(): Promise<RunEnd> {
    const { code, message } = await this.#process.ended;
    clearInterval(this.#keyFrames);
    this.#assembly.flush();
    const { lines, progress } = this.#process;
    const { dropped } = this.#assembly;
    this.#options.log.info({ pid: this.#process.pid, code, progress, dropped }, 'ffmpeg ended');
    return { complete: code === 0 && !this.#failure, message: this.#failure ?? message, lines };
  }

  #take(index: number, chunk: Uint8Array): void {
    if (this.#failure) return;
    try {
      this.#assembly.push(index, chunk);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What it makes cannot be used or kept. */
  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error.message : String(error);
    this.#process.kill();
  }
}
