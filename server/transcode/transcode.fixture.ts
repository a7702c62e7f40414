import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pino } from 'pino';
import type { Profile } from '../../shared/model/profile.ts';
import type { SourceTracks } from '../media/track.ts';
import type {
  NewFragment,
  PeriodWriter,
  SegmentWriter,
  TimelineWriter,
  TrackWithInit,
} from '../segments/segmentStore.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { createTranscoder } from './ffmpegTranscoder.ts';
import type { Transcode, TranscodeInput, TranscodeReading } from './transcoder.ts';

export const ffmpegPath = 'ffmpeg';

export const passthrough: Profile = {
  id: 'passthrough',
  name: 'Passthrough',
  description: '',
  builtIn: true,
  isDefault: false,
  keepsSource: true,
  flavors: [],
  audioBitrateKbps: 64,
};

export const sourceAndThree: Profile = {
  ...passthrough,
  flavors: [
    { name: 'small 400', width: 480, height: 0, videoBitrateKbps: 400, h264Profile: 'baseline' },
    { name: 'small 600', width: 640, height: 0, videoBitrateKbps: 600, h264Profile: 'baseline' },
    { name: 'small 900', width: 640, height: 0, videoBitrateKbps: 900, h264Profile: 'main' },
  ],
};

export function runFfmpeg(...args: readonly string[]): string {
  return execFileSync(ffmpegPath, ['-v', 'error', '-nostdin', '-y', ...args], { encoding: 'utf8' });
}

export interface RecordedSegment {
  readonly sequence: number;
  readonly period: number;
  readonly startMs: number;
  readonly wallClockMs: number;
  readonly tracks: Map<string, NewFragment[]>;
  complete: boolean;
}

export interface RecordedPeriod {
  readonly startMs: number;
  readonly tracks: readonly TrackWithInit[];
}

/** The edge to the store: keeps what it is told, in memory. */
export class RecordingWriter implements TimelineWriter {
  readonly periods: RecordedPeriod[] = [];
  readonly segments: RecordedSegment[] = [];
  readonly epochMs = 1_700_000_000_000;
  readonly #waiting: { met: () => boolean; resolve: () => void }[] = [];

  get timeline(): TimelineReader {
    const periods = this.periods.map((period, index) => Object.assign({ index }, period));
    return { epochMs: this.epochMs, periods } as unknown as TimelineReader;
  }

  get completed(): RecordedSegment[] {
    return this.segments.filter(({ complete }) => complete);
  }

  /** Resolves at the change after which it is so. */
  until(met: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ met, resolve });
      this.#changed();
    });
  }

  nextStartMs(nowMs: number): number {
    const ends = this.segments.flatMap(({ period, tracks }) =>
      [...tracks].map(([id, fragments]) => {
        const { timescale } = this.periods[period]!.tracks.find((track) => track.id === id)!;
        const last = fragments.at(-1)!;
        return ((last.startTicks + last.durationTicks) * 1000) / timescale;
      }),
    );
    return Math.ceil(Math.max(nowMs - this.epochMs, 0, ...ends));
  }

  startPeriod(period: RecordedPeriod): Promise<PeriodWriter> {
    const index = this.periods.push(period) - 1;
    this.#changed();
    return Promise.resolve({ openSegment: (start) => this.#openSegment(index, start) });
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }
  setWindow(): void {}

  end(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #openSegment(period: number, start: { startMs: number; wallClockMs: number }): SegmentWriter {
    const segment: RecordedSegment = {
      sequence: this.segments.length,
      period,
      ...start,
      tracks: new Map(),
      complete: false,
    };
    this.segments.push(segment);
    return {
      sequence: segment.sequence,
      append: (trackId, fragment) => {
        if (segment.complete) throw new Error('append after complete');
        const fragments = segment.tracks.get(trackId) ?? [];
        segment.tracks.set(trackId, [...fragments, fragment]);
        this.#changed();
      },
      complete: () => {
        if (this.segments.some(({ sequence, complete }) => sequence < segment.sequence && !complete)) {
          throw new Error('completed out of order');
        }
        segment.complete = true;
        this.#changed();
        return Promise.resolve();
      },
    };
  }

  #changed(): void {
    for (const waiter of this.#waiting.filter(({ met }) => met())) {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      waiter.resolve();
    }
  }
}

/** A publisher played from a file, each reading from its beginning: as fast as it is read, or in real time. */
export class FileInput implements TranscodeInput {
  keyFrameRequests = 0;
  opened = 0;
  /** A reading has been read to its end. */
  readonly ended: Promise<void>;
  #end: () => void = () => undefined;
  readonly tracks: SourceTracks;
  readonly #path: string;
  readonly #format: string;
  readonly #realTime: boolean;

  constructor(path: string, tracks: SourceTracks, { format = 'flv', realTime = false } = {}) {
    this.#path = path;
    this.tracks = tracks;
    this.#format = format;
    this.#realTime = realTime;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  requestKeyFrame(): void {
    this.keyFrameRequests++;
  }

  open(): Promise<TranscodeReading> {
    this.opened++;
    const format = this.#format;
    let player: ChildProcess | undefined;
    let stdin: Readable;
    if (this.#realTime) {
      const args = ['-v', 'error', '-nostdin', '-re', '-i', this.#path, '-c', 'copy', '-f', format, 'pipe:1'];
      player = spawn(ffmpegPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
      stdin = player.stdout!;
    } else stdin = createReadStream(this.#path);
    stdin.once('end', () => this.#end());
    return Promise.resolve({
      inputArgs: ['-probesize', '32768', '-analyzeduration', '0', '-f', format, '-i', 'pipe:0'],
      stdin,
      start: () => undefined,
      close: async () => {
        if (player && player.exitCode === null && player.signalCode === null) {
          player.kill('SIGKILL');
          await once(player, 'exit');
        }
        stdin.destroy();
      },
    });
  }
}

export interface Started {
  readonly transcode: Transcode;
  readonly failures: { readonly message: string; readonly lines: readonly string[]; readonly at: number }[];
  /** Of every ffmpeg so far. */
  readonly pids: number[];
}

/** The wall clock stands still at the timeline's epoch unless it is given. */
export function startTranscode(
  input: TranscodeInput,
  profile: Profile,
  writer: RecordingWriter,
  { clock = () => writer.epochMs, path = ffmpegPath }: { clock?: () => number; path?: string } = {},
): Started {
  const failures: Started['failures'] = [];
  const pids: number[] = [];
  const log = pino(
    { level: 'info' },
    {
      write: (line: string) => {
        const { msg, pid } = JSON.parse(line) as { msg: string; pid?: number };
        if (msg === 'ffmpeg started' && pid) pids.push(pid);
      },
    },
  );
  const transcode = createTranscoder({ ffmpegPath: path, now: clock }).start({
    inputs: [input],
    profile,
    writer,
    log,
    onFailure: (failure) => failures.push({ ...failure, at: performance.now() }),
  });
  return { transcode, failures, pids };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Everything of a track in a period as one file. */
export function trackFile(writer: RecordingWriter, period: number, trackId: string): Buffer {
  const init = writer.periods[period]?.tracks.find(({ id }) => id === trackId)?.init;
  const media = writer.segments.filter((segment) => segment.period === period);
  const fragments = media.flatMap(({ tracks }) => tracks.get(trackId) ?? []);
  return Buffer.concat([init ?? Buffer.alloc(0), ...fragments.map(({ data }) => data)]);
}

/** Times of a track's fragments in a period, in seconds. */
export function trackTimes(writer: RecordingWriter, period: number, trackId: string) {
  const timescale = writer.periods[period]?.tracks.find(({ id }) => id === trackId)?.timescale ?? NaN;
  return writer.segments
    .filter((segment) => segment.period === period)
    .flatMap(({ tracks }) => tracks.get(trackId) ?? [])
    .map(({ startTicks, durationTicks, independent }) => ({
      start: startTicks / timescale,
      end: (startTicks + durationTicks) / timescale,
      independent,
    }));
}
