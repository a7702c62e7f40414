import { setTimeout as delay } from 'node:timers/promises';
import { defaultCaptions } from '../../shared/model/captions.ts';
import { BitrateMeter } from './bitrateMeter.ts';
import { planLadder, type OutputTrack } from './ladder.ts';
import { PastTracks } from './pastTracks.ts';
import type { Transcode, Transcoder, TranscodeRequest } from './transcoder.ts';
import { TranscodeRun, type RunEnd } from './transcodeRun.ts';
import type { TimelineWriter } from '../segments/segmentStore.ts';

export interface TranscoderOptions {
  readonly ffmpegPath: string;
  readonly segmentSeconds?: number;
  /** Unix ms */
  readonly now?: () => number;
}

const firstRestartMs = 200;
const slowestRestartMs = 2000;
/** A run this long was a good one: the next failure is again a first one. */
const healthyRunMs = 10_000;
/** Input that has ended is followed by `close`; if it is not, there may be more. */
const closeGraceMs = 1000;

export function createTranscoder({ ffmpegPath, segmentSeconds = 2, now = Date.now }: TranscoderOptions): Transcoder {
  const pasts = new WeakMap<TimelineWriter, PastTracks>();
  return {
    start: (request) => {
      const past = pasts.get(request.writer) ?? new PastTracks();
      pasts.set(request.writer, past);
      return new FfmpegTranscode(request, past, { ffmpegPath, segmentSeconds, now });
    },
  };
}

class FfmpegTranscode implements Transcode {
  readonly #request: TranscodeRequest;
  readonly #options: Required<TranscoderOptions>;
  /** Of the request's timeline, over all its publishers. */
  readonly #past: PastTracks;
  readonly #meters = new Map<string, BitrateMeter>();
  readonly #closing = new AbortController();
  readonly #finished: Promise<void>;
  #run: TranscodeRun | undefined;

  constructor(request: TranscodeRequest, past: PastTracks, options: Required<TranscoderOptions>) {
    this.#request = request;
    this.#past = past;
    this.#options = options;
    this.#finished = this.#keepRunning();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#run?.stop();
    await this.#finished;
  }

  async #keepRunning(): Promise<void> {
    let restartMs = firstRestartMs;
    while (!this.#closing.signal.aborted) {
      const startedMs = performance.now();
      const end = await this.#runOnce();
      if (end?.complete) await this.#sleep(closeGraceMs);
      if (!end || this.#closing.signal.aborted) return;
      this.#report(end);
      await this.#run?.settle();
      this.#run = undefined;
      if (performance.now() - startedMs > healthyRunMs) restartMs = firstRestartMs;
      await this.#sleep(restartMs);
      restartMs = Math.min(slowestRestartMs, restartMs * 2);
    }
  }

  /** Undefined when it was closed while it began. */
  async #runOnce(): Promise<RunEnd | undefined> {
    const { inputs, writer, log } = this.#request;
    const onMisaligned = (input: number) => this.#request.onMisaligned?.(input);
    try {
      const tracks = this.#plan();
      this.#run = await TranscodeRun.start({
        ...this.#options,
        inputs,
        writer,
        tracks,
        meters: this.#meters,
        past: this.#past,
        captions: this.#request.captions ?? defaultCaptions,
        onMisaligned,
        log,
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { complete: false, message: `The source cannot be read: ${message}`, lines: [] };
    }
    if (this.#closing.signal.aborted) {
      await this.#run.stop();
      return undefined;
    }
    return this.#run.ended;
  }

  /** Anew for each run: a source may have changed in between. */
  #plan(): OutputTrack[] {
    const [source, ...beside] = this.#request.inputs.map((input) => input.tracks);
    const tracks = planLadder(source ?? {}, this.#request.profile, beside);
    for (const { id, kind, encoder } of tracks) {
      if (encoder === 'copy' && !this.#meters.has(id)) this.#meters.set(id, new BitrateMeter(kind));
    }
    return tracks;
  }

  #report({ message, lines }: RunEnd): void {
    this.#request.log.warn({ lines: lines.slice(-10) }, `${message}; starting it again`);
    this.#request.onFailure({ message, lines });
  }

  /** Cut short by closing. */
  async #sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}
