import { spawn, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import fluentFfmpeg from 'fluent-ffmpeg';
import { firstOutputPipe, inputPipe, progressPipe, type FfmpegCommand } from './args.ts';
import { concealUrls } from './concealUrls.ts';
import { LineRing } from './lineRing.ts';

/** How an ffmpeg came to its end. */
export interface FfmpegEnd {
  /** 0 when it had read all of its input; undefined when it was killed or never ran. */
  readonly code: number | undefined;
  readonly message: string;
}

/** As ffmpeg reports it every half second. */
export interface FfmpegProgress {
  readonly framesPerSecond: number;
  /** Media time per time; below 1 it cannot keep up, or its source does not. */
  readonly speed: number;
  /** Of the media written so far. */
  readonly outTimeMs: number;
}

export interface FfmpegProcessOptions {
  /** 0 to 19: how far it stands back behind others for the processor. */
  readonly niceness?: number;
  readonly onProgress?: (progress: FfmpegProgress) => void;
}

const keptLines = 50;
/** Media that is on its way into ffmpeg may still be read. */
const endInputAfterMs = 1000;
const interruptAfterMs = 1500;
const interruptAgainAfterMs = 2000;
const killAfterMs = 3000;

/** One running ffmpeg: media in through standard input, each output in a file or in a pipe of its own that must be read. */
export class FfmpegProcess {
  /** In the order of the command's outputs; those that are files are left out. */
  readonly outputs: readonly Readable[];
  /** Resolves when it has ended and all that it wrote has been read. */
  readonly ended: Promise<FfmpegEnd>;
  readonly #child: ChildProcess;
  readonly #inputs: readonly Writable[];
  readonly #lines = new LineRing(keptLines);
  #progress: FfmpegProgress | undefined;
  #stopping: Promise<void> | undefined;

  /** `inputs`: what is written to the pipe of each input that has one. */
  constructor(
    ffmpegPath: string,
    command: FfmpegCommand,
    inputs: readonly (NodeJS.ReadableStream | undefined)[],
    options: FfmpegProcessOptions = {},
  ) {
    const [first, ...others] = inputs;
    const isPiped = command.outputs.map(({ target }) => target.startsWith('pipe:'));
    const pipes = [...isPiped, ...others.map(Boolean)].map((piped) => (piped ? 'pipe' : 'ignore'));
    this.#child = spawn(ffmpegPath, buildArguments(command), {
      // Its own process group: Ctrl-C in a terminal must not end it before the server has closed its broadcasts.
      detached: true,
      stdio: [first ? 'pipe' : 'ignore', 'ignore', 'pipe', 'pipe', ...pipes],
    });
    this.ended = this.#watch();
    this.outputs = isPiped.flatMap((piped, index) => (piped ? this.#readable(firstOutputPipe + index) : []));
    // A pipe that breaks is ffmpeg's end, which is reported as such.
    for (const stream of this.#child.stdio) stream?.on('error', () => undefined);
    this.#collectLines(options.onProgress);
    this.#yieldTo(options.niceness);
    this.#inputs = inputs.flatMap((input, index) => {
      const pipe = input && this.#writable(inputPipe(index, command.outputs.length));
      if (pipe) this.#feed(input, pipe);
      return pipe ?? [];
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get progress(): FfmpegProgress | undefined {
    return this.#progress;
  }

  /** The last lines it has said, fit to be logged and shown: what it reads from has a secret in its URL. */
  get lines(): readonly string[] {
    return this.#lines.lines.map(concealUrls);
  }

  /** Waits for the end of its input where that is on its way; else, or if it takes too long, interrupts it, then kills it. */
  stop(inputEnds: boolean): Promise<void> {
    this.#stopping ??= this.#stop(inputEnds);
    return this.#stopping;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #stop(inputEnds: boolean): Promise<void> {
    const timers = [
      setTimeout(() => this.#inputs.forEach((input) => input.end()), endInputAfterMs),
      setTimeout(() => this.#child.kill('SIGINT'), inputEnds ? interruptAfterMs : 0),
      // Blocked reading from a network that is silent, it only notices the second.
      setTimeout(() => this.#child.kill('SIGINT'), interruptAgainAfterMs),
      setTimeout(() => this.#child.kill('SIGKILL'), killAfterMs),
    ];
    await this.ended;
    timers.forEach(clearTimeout);
  }

  #watch(): Promise<FfmpegEnd> {
    return new Promise((resolve) => {
      this.#child.once('error', (error) => {
        if (this.#child.pid === undefined)
          resolve({ code: undefined, message: `ffmpeg did not start: ${error.message}` });
      });
      this.#child.once('close', (code, signal) => {
        if (signal) resolve({ code: undefined, message: `ffmpeg was ended by ${signal}` });
        else resolve({ code: code ?? undefined, message: `ffmpeg ended with code ${code}` });
      });
    });
  }

  #readable(descriptor: number): Readable {
    const stream = this.#child.stdio[descriptor];
    if (!stream || !('read' in stream)) throw new Error(`no pipe ${descriptor} to ffmpeg`);
    return stream;
  }

  #writable(descriptor: number): Writable | undefined {
    const stream = descriptor === 0 ? this.#child.stdin : this.#child.stdio[descriptor];
    return stream && 'write' in stream ? stream : undefined;
  }

  /** Its threads are started later and inherit this. */
  #yieldTo(niceness: number | undefined): void {
    if (this.pid === undefined || niceness === undefined) return;
    try {
      setPriority(this.pid, niceness);
    } catch {
      // It has ended already.
    }
  }

  #collectLines(onProgress?: (progress: FfmpegProgress) => void): void {
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#lines.push(text));
    const report = new LineRing(40);
    this.#readable(progressPipe)
      .setEncoding('utf8')
      .on('data', (text: string) => {
        report.push(text);
        const progress = readProgress(report.lines);
        if (progress) onProgress?.((this.#progress = progress));
      });
  }

  #feed(input: NodeJS.ReadableStream, stdin: Writable): void {
    const end = () => stdin.end();
    input.on('error', end);
    input.once('close', end);
    stdin.once('close', () => {
      input.unpipe(stdin);
      input.off('close', end);
    });
    input.pipe(stdin);
  }
}

/** fluent-ffmpeg lays out the arguments. Its own start gives a process no further pipes, and checks ffmpeg in a way that fails with new ones. */
export function buildArguments(command: FfmpegCommand): string[] {
  const builder = fluentFfmpeg();
  for (const args of command.inputs) {
    builder.input(args.at(-1) ?? '');
    addOptions(args.slice(0, -2), (...options) => builder.inputOptions(...options));
  }
  if (command.complexFilter.length > 0) builder.complexFilter([...command.complexFilter]);
  for (const { target, args } of command.outputs) {
    builder.output(target);
    addOptions(args, (...options) => builder.outputOptions(...options));
  }
  return (builder as unknown as { _getArguments(): string[] })._getArguments();
}

/** All at once, because a single one is cut at its space. */
function addOptions(options: readonly string[], add: (...options: string[]) => void): void {
  if (options.length > 0) add(...options);
}

function readProgress(lines: readonly string[]): FfmpegProgress | undefined {
  const last = (key: string) => lines.findLast((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
  const speed = Number.parseFloat(last('speed') ?? '');
  if (!Number.isFinite(speed)) return undefined;
  return {
    framesPerSecond: Number.parseFloat(last('fps') ?? '') || 0,
    speed,
    outTimeMs: Math.max(0, Math.floor((Number.parseFloat(last('out_time_us') ?? '') || 0) / 1000)),
  };
}
