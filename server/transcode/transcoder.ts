import type { CaptionSettings } from '../../shared/model/captions.ts';
import type { Profile } from '../../shared/model/profile.ts';
import type { CaptionMessage } from '../media/captions/captionMessage.ts';
import type { ReadingClock } from '../media/readingClock.ts';
import type { SourceTracks } from '../media/track.ts';
import type { Logger } from '../log.ts';
import type { TimelineWriter } from '../segments/segmentStore.ts';

/** What the transcoder needs of a publisher; `ingest/source.ts` satisfies it. */
export interface TranscodeInput {
  readonly tracks: SourceTracks;
  open(start: TranscodeStart): Promise<TranscodeReading>;
  requestKeyFrame(): void;
}

export interface TranscodeStart {
  /** What it may begin with of the past. */
  readonly maxAgeMs: number;
  /** For how long nothing has come that was stored. */
  readonly missedMs: number;
  /** Shared by the inputs of one ffmpeg. */
  readonly clock: ReadingClock;
}

export interface TranscodeReading {
  /** `pipe:0` stands for the pipe that `stdin` is written to. */
  readonly inputArgs: readonly string[];
  readonly stdin?: NodeJS.ReadableStream;
  /** How long before now the first of its media came; absent where it begins with what comes next. */
  readonly ageMs?: number;
  /** Captions beside the media, at times of the reading; to be called before `start`. */
  onCaption?(listener: (caption: CaptionMessage) => void): void;
  start(): void;
  finish?(): void;
  close(): Promise<void>;
}

export interface TranscodeRequest {
  /** The first gives the sound and what flavors are made from; of the others, the picture is kept beside it. */
  readonly inputs: readonly TranscodeInput[];
  readonly profile: Profile;
  /** Automatic where absent. */
  readonly captions?: CaptionSettings;
  readonly writer: TimelineWriter;
  readonly log: Logger;
  /** The key frames of an input (by its place) are not where the first one's are. */
  onMisaligned?(input: number): void;
  /** ffmpeg ended although the input had not: it is being started again. Lines are its last output. */
  onFailure(failure: { readonly message: string; readonly lines: readonly string[] }): void;
}

/** One broadcast's ffmpeg, started again within 2 s when it dies, until closed. */
export interface Transcode {
  /** Stops reading, lets ffmpeg finish what it has, stores the last segment. Idempotent; never rejects. */
  close(): Promise<void>;
}

export interface Transcoder {
  start(request: TranscodeRequest): Transcode;
}
