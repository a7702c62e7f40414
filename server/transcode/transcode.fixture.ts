import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Profile } from '../../shared/model/profile.ts';
import type { SourceTracks } from '../media/track.ts';
import type {
  NewFragment,
  PeriodWriter,
  SegmentWriter,
  TimelineReader,
  TimelineWriter,
  TrackWithInit,
} from '../segments/segmentStore.ts';
import type { TranscodeInput, TranscodeReading } from './transcoder.ts';

export const ffmpegPath = 'ffmpeg';

export const passthrough: Profile = {
  id: 'passthrough',
  name: 'Passthrough',
  description: '',
  builtIn: true,
  isDefault: false,
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
    return { epochMs: this.epochMs } as unknown as TimelineReader;
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
  readonly tracks: SourceTracks;
  readonly #path: string;
  readonly #options: { readonly format: 'flv' | 'mpegts'; readonly realTime: boolean };

  constructor(path: string, tracks: SourceTracks, options = { format: 'flv' as 'flv' | 'mpegts', realTime: false }) {
    this.#path = path;
    this.tracks = tracks;
    this.#options = options;
  }

  requestKeyFrame(): void {
    this.keyFrameRequests++;
  }

  open(): Promise<TranscodeReading> {
    this.opened++;
    const { format, realTime } = this.#options;
    let player: ChildProcess | undefined;
    let stdin: Readable;
    if (realTime) {
      const args = ['-v', 'error', '-nostdin', '-re', '-i', this.#path, '-c', 'copy', '-f', format, 'pipe:1'];
      player = spawn(ffmpegPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      stdin = player.stdout!;
    } else stdin = createReadStream(this.#path);
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
