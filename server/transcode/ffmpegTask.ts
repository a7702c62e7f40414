import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { firstOutputPipe, inputPipe, progressPipe, type FfmpegCommand } from './args.ts';
import { FfmpegProcess, type FfmpegProgress } from './process.ts';
import { QueueFullError, TaskQueue, type TaskKind } from './taskQueue.ts';

export interface TaskInput {
  /** Before its `-i`. */
  readonly args?: readonly string[];
  /** What follows `-i` (a file by its absolute path, a lavfi graph), or bytes that are piped to it; a function opens them at its turn. */
  readonly from: string | Uint8Array | (() => Readable);
}

export interface TaskOutput {
  /** Mapping, codecs and format. */
  readonly args: readonly string[];
  readonly to: { readonly maxBytes: number } | { readonly file: string } | { readonly stream: Writable };
}

/** One run of ffmpeg that has an end, as plain data. */
export interface FfmpegTask {
  readonly inputs: readonly TaskInput[];
  readonly complexFilter?: readonly string[];
  readonly outputs: readonly TaskOutput[];
  /** From its turn to its end; waiting does not count. */
  readonly deadlineMs: number;
  /** Default: quick. */
  readonly kind?: TaskKind;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FfmpegProgress) => void;
}

export type TaskFailure = 'failed' | 'deadline' | 'tooLarge' | 'overloaded' | 'closed';

export class FfmpegTaskError extends Error {
  readonly failure: TaskFailure;
  /** ffmpeg's last, without what may be secret. */
  readonly lines: readonly string[];
  constructor(failure: TaskFailure, message: string, lines: readonly string[] = []) {
    super(lines.length > 0 ? `${message}: ${lines.slice(-3).join(' / ')}` : message);
    this.failure = failure;
    this.lines = lines;
  }
}

export interface FfmpegTasksOptions {
  readonly ffmpegPath: string;
  readonly running: number;
  /** Of each kind; who comes when so many wait is refused. */
  readonly waiting?: number;
}

/** Live transcodes go first. */
const niceness = 10;
const globalArgs = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'warning', '-y'];

/** All one-off runs of ffmpeg: a few at a time, behind live transcodes, each with a deadline. */
export class FfmpegTasks {
  readonly #ffmpegPath: string;
  readonly #queue: TaskQueue;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor({ ffmpegPath, running, waiting = 100 }: FfmpegTasksOptions) {
    this.#ffmpegPath = ffmpegPath;
    this.#queue = new TaskQueue({ running, waiting });
  }

  /**
   * The bytes of the outputs that have a `maxBytes`, in their order; streams have been ended. Rejects with a
   * FfmpegTaskError, or with the signal's reason; by then ffmpeg has ended. What it left in a file is the caller's to remove.
   */
  async run(task: FfmpegTask): Promise<Buffer[]> {
    const leave = await this.#queue.enter(task.kind ?? 'quick', task.signal).catch((error: unknown) => {
      throw error instanceof QueueFullError ? new FfmpegTaskError('overloaded', error.message) : error;
    });
    const run = runTask(this.#ffmpegPath, task, this.#closing.signal);
    this.#running.add(run);
    try {
      return await run;
    } finally {
      this.#running.delete(run);
      leave();
    }
  }

  /** Ends all that run, refuses all that wait. Idempotent; never rejects. */
  async close(): Promise<void> {
    const reason = new FfmpegTaskError('closed', 'the server is stopping');
    this.#queue.close(reason);
    this.#closing.abort(reason);
    await Promise.allSettled(this.#running);
  }
}

async function runTask(ffmpegPath: string, task: FfmpegTask, closing: AbortSignal): Promise<Buffer[]> {
  const signal = AbortSignal.any(task.signal ? [closing, task.signal] : [closing]);
  signal.throwIfAborted();
  const inputs = task.inputs.map(({ from }) => openInput(from));
  let process: FfmpegProcess | undefined;
  let failure: Error | undefined;
  const stop = (reason: unknown) => {
    failure ??= reason instanceof Error ? reason : new Error(String(reason));
    process?.kill();
    process?.outputs.forEach((output) => output.destroy());
  };
  const onAbort = () => stop(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  for (const input of inputs) input?.on('error', stop);
  const deadline = setTimeout(
    () => stop(new FfmpegTaskError('deadline', 'ffmpeg took too long', process?.lines)),
    task.deadlineMs,
  );
  try {
    process = new FfmpegProcess(ffmpegPath, buildTaskCommand(task), inputs, { niceness, onProgress: task.onProgress });
    const taken = await Promise.all(takeOutputs(task, process, stop));
    const { code, message } = await process.ended;
    if (failure) throw failure;
    if (code !== 0) throw new FfmpegTaskError('failed', message, process.lines);
    return taken.filter((bytes) => bytes !== undefined);
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', onAbort);
    for (const input of inputs) input?.destroy();
  }
}

/** Exported to be tested without running it. */
export function buildTaskCommand(task: FfmpegTask): FfmpegCommand {
  return {
    inputs: task.inputs.map(({ args = [], from }, index) => [
      ...(index === 0 ? [...globalArgs, '-progress', `pipe:${progressPipe}`] : []),
      ...args,
      '-i',
      typeof from === 'string' ? from : `pipe:${inputPipe(index, task.outputs.length)}`,
    ]),
    complexFilter: task.complexFilter ?? [],
    outputs: task.outputs.map(({ args, to }, index) => ({
      // `file:` keeps colons in a path from being read as another protocol.
      target: 'file' in to ? `file:${to.file}` : `pipe:${firstOutputPipe + index}`,
      args,
    })),
  };
}

function openInput(from: TaskInput['from']): Readable | undefined {
  if (typeof from === 'string') return undefined;
  return typeof from === 'function' ? from() : Readable.from([from]);
}

/** Reads each pipe to its end; never rejects, but stops the run when one cannot be taken. */
function takeOutputs(
  task: FfmpegTask,
  process: FfmpegProcess,
  stop: (reason: unknown) => void,
): Promise<Buffer | undefined>[] {
  const piped = task.outputs.flatMap(({ to }) => ('file' in to ? [] : to));
  return process.outputs.map(async (output, index) => {
    const to = piped[index]!;
    try {
      if ('maxBytes' in to) return await collect(output, to.maxBytes);
      await pipeline(output, to.stream);
    } catch (error) {
      stop(error);
    }
    return undefined;
  });
}

async function collect(output: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of output as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new FfmpegTaskError('tooLarge', `ffmpeg wrote more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
