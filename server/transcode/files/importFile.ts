import { Writable } from 'node:stream';
import { defaultCaptions } from '../../../shared/model/captions.ts';
import type { Profile } from '../../../shared/model/profile.ts';
import type { SourceTracks } from '../../media/track.ts';
import type { TimelineWriter } from '../../segments/segmentStore.ts';
import { buildCommand } from '../args.ts';
import { BitrateMeter } from '../bitrateMeter.ts';
import { CaptionWriter } from '../captions/captionWriter.ts';
import { FfmpegTaskError, type FfmpegTask } from '../ffmpegTask.ts';
import { planLadder, type LadderSource, type OutputTrack } from '../ladder.ts';
import { MediaAssembly, type TrackMeter } from '../mediaAssembly.ts';
import { PastTracks } from '../pastTracks.ts';
import { TimelineOutput } from '../timelineOutput.ts';
import { foreignFileArgs } from './inputLimits.ts';
import type { MediaFile } from './mediaFile.ts';
import { TrackInterleaver } from './trackInterleaver.ts';

export interface FileImport {
  readonly file: MediaFile;
  readonly profile: Profile;
  readonly writer: TimelineWriter;
  readonly signal: AbortSignal;
  /** 0 to 1; not called where the file does not say how long it is. */
  readonly onProgress: (progress: number) => void;
}

/** Runs ffmpeg when it is its turn; `FfmpegTasks` satisfies it. */
export interface TaskRunner {
  run(task: FfmpegTask): Promise<unknown>;
}

const segmentSeconds = 2;
/** Room before the first frame for what is decoded, or primes a decoder, before it. */
const leadInMs = 1000;
const usualFrameRate = 25;
/** A day of video may take days on a small machine. */
const deadlineMs = 7 * 24 * 3600 * 1000;
/** Without any progress, ffmpeg is lost in the file. */
const stalledAfterMs = 5 * 60_000;
/** Written between two looks at whether the disk keeps up. */
const unsettledBytes = 8e6;

/**
 * Brings a whole file onto a timeline, as a broadcast would be, as fast as it can be read. Rejects with a FfmpegTaskError, or
 * with the signal's reason; what is on the timeline then is the caller's to remove.
 */
export async function importFile(tasks: TaskRunner, request: FileImport): Promise<void> {
  const { file, profile, writer } = request;
  const tracks = planLadder(ladderSource(file), profile);
  const failing = new AbortController();
  const fail = (error: unknown) => failing.abort(error);
  const output = new TimelineOutput(writer, fail);
  const meters = new Map(tracks.flatMap((track) => meterOf(track, file)));
  const assembly = new MediaAssembly({
    tracks,
    sources: [storedSource(file)],
    output,
    segmentMs: segmentSeconds * 1000,
    meters,
    past: new PastTracks(),
    captions: new CaptionWriter(defaultCaptions, undefined),
  });
  const interleaver = new TrackInterleaver(tracks.length, (track, data) => assembly.push(track, data));
  const stall = new StallWatch(() => fail(new FfmpegTaskError('deadline', 'ffmpeg has stalled')));
  try {
    await tasks.run({
      ...command(tracks, file),
      deadlineMs,
      kind: 'long',
      signal: AbortSignal.any([request.signal, failing.signal]),
      outputs: outputsOf(tracks, file, (track) => receiver(track, interleaver, output, writer)),
      onProgress: ({ outTimeMs }) => {
        stall.reached(outTimeMs);
        if (file.durationMs) request.onProgress(Math.min(1, outTimeMs / file.durationMs));
      },
    });
  } finally {
    stall.stop();
    assembly.flush();
    await output.settle();
  }
  if (output.lostSegments > 0) throw new Error(`${output.lostSegments} segments could not be stored`);
}

function command(tracks: readonly OutputTrack[], file: MediaFile): Pick<FfmpegTask, 'inputs' | 'complexFilter'> {
  const { complexFilter } = plan(tracks, file);
  return { inputs: [{ args: [...foreignFileArgs, '-fflags', '+genpts'], from: `file:${file.path}` }], complexFilter };
}

function outputsOf(tracks: readonly OutputTrack[], file: MediaFile, stream: (track: number) => Writable) {
  return plan(tracks, file).outputs.map(({ args }, index) => ({ args, to: { stream: stream(index) } }));
}

function plan(tracks: readonly OutputTrack[], { video }: MediaFile) {
  const reorderMs = video ? (video.reorderedFrames * 1000) / Math.max(1, video.frameRate ?? usualFrameRate) : 0;
  const offsetMs = leadInMs + Math.ceil(reorderMs);
  return buildCommand({
    inputs: [],
    tracks,
    offsetMs,
    segmentSeconds,
    pictureFilter: video?.interlaced ? 'yadif' : undefined,
  });
}

/** Takes an output of ffmpeg, and makes it wait while the disk is behind. */
function receiver(
  track: number,
  interleaver: TrackInterleaver,
  output: TimelineOutput,
  writer: TimelineWriter,
): Writable {
  let unsettled = 0;
  const take = async (chunk: Uint8Array, done: (error?: Error) => void) => {
    let failure: Error | undefined;
    try {
      interleaver.push(track, chunk);
      unsettled += chunk.length;
      if (unsettled > unsettledBytes) {
        unsettled = 0;
        await output.settle();
      }
      await writer.drained();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    done(failure);
  };
  return new Writable({
    write: (chunk: Uint8Array, _, done) => void take(chunk, done),
    final(done) {
      try {
        interleaver.end(track);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** What is not playable as it is gets encoded, by the name of its codec. */
function ladderSource({ video, audio }: MediaFile): LadderSource {
  return {
    video: video && { ...video, codec: video.playable ? 'h264' : 'other' },
    audio: audio && { ...audio, codec: audio.playable ? 'aac' : 'other' },
  };
}

/** What players get is always H.264. */
function storedSource({ video }: MediaFile): SourceTracks {
  return { video: video && { codec: 'h264', width: video.width, height: video.height, frameRate: video.frameRate } };
}

/** A file says what it has on average, which its first moments do not. */
function meterOf({ id, kind, encoder }: OutputTrack, { video, audio }: MediaFile): [string, TrackMeter][] {
  if (encoder !== 'copy') return [];
  const bitrateBps = (kind === 'video' ? video : audio)?.bitrateBps;
  if (bitrateBps === undefined) return [[id, new BitrateMeter(kind)]];
  return [[id, { bitrateBps: Math.round(bitrateBps), meteredMs: Infinity, add: () => undefined }]];
}

class StallWatch {
  readonly #onStalled: () => void;
  #timer: NodeJS.Timeout | undefined;
  #outTimeMs = -1;

  constructor(onStalled: () => void) {
    this.#onStalled = onStalled;
  }

  reached(outTimeMs: number): void {
    if (outTimeMs === this.#outTimeMs) return;
    this.#outTimeMs = outTimeMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onStalled, stalledAfterMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
