import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { SourceReading } from '../source.ts';
import { newRandom, type Random } from './random.fixture.ts';

export interface FuzzTarget {
  readonly name: string;
  readonly share: number;
  /** One input. What it throws is a crash. */
  readonly run: (random: Random) => void | Promise<void>;
}

export interface Crash {
  readonly target: string;
  /** Gives the same input again: `newRandom(seed)`. */
  readonly seed: number;
  readonly error: unknown;
}

export interface FuzzReport {
  readonly inputs: number;
  readonly inputsOf: Readonly<Record<string, number>>;
  readonly crashes: readonly Crash[];
  /** What was in use after a tenth of the inputs, and in the end. */
  readonly earlyBytes: number;
  readonly finalBytes: number;
}

/** Feeds so many inputs to the targets, by their shares, each with a seed of its own. */
export async function fuzz(targets: readonly FuzzTarget[], inputs: number, seed: number): Promise<FuzzReport> {
  const crashes: Crash[] = [];
  let current = { target: '', seed: 0 };
  const stray = (error: unknown): void => void crashes.push({ ...current, error });
  process.on('uncaughtException', stray);
  process.on('unhandledRejection', stray);
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  const inputsOf: Record<string, number> = {};
  let done = 0;
  let earlyBytes = 0;
  for (const part of [0.1, 0.9]) {
    for (const { name, share, run } of targets) {
      const count = Math.ceil((inputs * part * share) / shares);
      inputsOf[name] = (inputsOf[name] ?? 0) + count;
      for (let index = 0; index < count; index += 1, done += 1) {
        current = { target: name, seed: (seed + Math.imul(done, 0x9e3779b1)) | 0 };
        try {
          const running = run(newRandom(current.seed));
          if (running) await running;
        } catch (error) {
          stray(error);
        }
        // Timers, and streams that close.
        if (done % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    }
    if (earlyBytes === 0) earlyBytes = await bytesInUse();
  }
  const finalBytes = await bytesInUse();
  process.off('uncaughtException', stray);
  process.off('unhandledRejection', stray);
  return { inputs: done, inputsOf, crashes, earlyBytes, finalBytes };
}

/** What a reading gives at once, of what was kept for it. */
export function bytesAtHand({ stdin }: SourceReading): number {
  let bytes = 0;
  for (let piece = stdin?.read() as Buffer | null; piece; piece = stdin?.read() as Buffer | null) bytes += piece.length;
  return bytes;
}

/** Without what only waits to be collected. */
async function bytesInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    collect();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
