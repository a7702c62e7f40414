import type { Readable } from 'node:stream';
import type { CaptionMessage } from '../media/captions/captionMessage.ts';
import type { SourceTracks } from '../media/track.ts';
import type { ReadingClock } from '../media/readingClock.ts';

/** What the times and the arrivals of media say; each is there as soon as it is known. */
export interface ArrivalFigures {
  /** Decoding time of the picture less that of the sound that arrive together. */
  readonly avOffsetMs?: number;
  /** RFC 3550 6.4.1 */
  readonly jitterMs?: number;
  /** How much later than at its best the newest media came. */
  readonly lagMs?: number;
  /** Mean deviation of the time between pictures, as a share of it. */
  readonly frameIntervalVariation?: number;
}

/** Counters since the publisher connected; rates are derived by whoever polls them. */
export interface SourceStats {
  readonly bytes: number;
  readonly videoFrames: number;
  readonly droppedFrames: number;
  /** Between the last two key frames; undefined before the second one. */
  readonly keyFrameIntervalMs?: number;
  readonly arrivals?: ArrivalFigures;
  /** Unix ms of the last media, for stall detection. */
  readonly lastMediaAtMs: number;
}

/** How a reading is to begin. */
export interface ReadingStart {
  /** How much that came before now it may begin with; beyond that it waits for the next key frame. Default: all. */
  readonly maxAgeMs?: number;
  /** For how long nothing has been read: so much of the past is nothing that would be repeated. Default: not at all. */
  readonly missedMs?: number;
  /** Shared by the readings of one ffmpeg: their media times count from the same moment. */
  readonly clock?: ReadingClock;
}

/** One ffmpeg's view of a source: media times begin at 0 with the first key frame it is given. */
export interface SourceReading {
  /** Everything up to and including `-i <url>`. */
  readonly inputArgs: readonly string[];
  /** Piped into ffmpeg's standard input where the input is `pipe:0`. */
  readonly stdin?: Readable;
  /** How long before now the first frame came that it would begin with; absent where it begins with what comes next. */
  readonly ageMs?: number;
  /** Captions that the publisher sends beside its media, at times of the reading; to be called before `start`. */
  onCaption?(listener: (caption: CaptionMessage) => void): void;
  /** ffmpeg has been started: let media flow. */
  start(): void;
  /** With `stdin`: no more media is taken; what waits is still delivered, then it ends. */
  finish?(): void;
  /** What waits is dropped. Idempotent; never rejects. */
  close(): Promise<void>;
}

export type IngestProtocol = 'rtmp' | 'rtmps' | 'rtsp' | 'whip';

/** A publisher whose tracks are known, whatever the protocol. */
export interface Source {
  readonly protocol: IngestProtocol;
  readonly remoteAddress: string;
  readonly tracks: SourceTracks;
  stats(): SourceStats;
  /** Opens a reading; several may follow each other, one at a time. */
  open(start?: ReadingStart): Promise<SourceReading>;
  requestKeyFrame(): void;
  /** Tracks came, went or changed parameters: `tracks` is already new. Returns the unsubscriber. */
  onTracksChanged(listener: () => void): () => void;
  /** Throws the publisher out, telling it why where the protocol can. Idempotent. */
  close(reason: string): Promise<void>;
}
