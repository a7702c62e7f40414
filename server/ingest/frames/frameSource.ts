import { Listeners } from '../../listeners.ts';
import type { CaptionContent } from '../../media/captions/captionMessage.ts';
import { ReadingClock } from '../../media/readingClock.ts';
import type { SourceTracks } from '../../media/track.ts';
import type { IngestProtocol, ReadingStart, Source, SourceReading, SourceStats } from '../source.ts';
import { ArrivalMeter } from './arrivalMeter.ts';
import { FlvReading } from './flvReading.ts';
import type { FrameLimits } from './frameLimits.ts';
import { GopCache } from './gopCache.ts';
import type { MediaTag } from './mediaTag.ts';

/** This long after its tracks became known, a source is read from its very beginning. */
const beginningMs = 3000;
/** A reading that begins later repeats at most this much, or half a group of pictures, beside what nobody has read. */
const repeatMs = 1000;

export interface FrameSourceOptions {
  readonly protocol: IngestProtocol;
  readonly remoteAddress: string;
  readonly limits: FrameLimits;
  readonly now: () => number;
  /** Once: the tracks are known. */
  readonly ready: (source: Source) => void;
  readonly disconnect: (reason: string) => Promise<void>;
}

/** As many as there are pictures, and some. */
const mostCaptionsPerSecond = 130;

/** The tracks, and their decoder configurations (`avcC`, AudioSpecificConfig). */
export interface FrameDescription {
  readonly tracks: SourceTracks;
  readonly headers: { readonly video: Buffer | undefined; readonly audio: Buffer | undefined };
}

/** H.264 and AAC (or MP3), frame by frame, whatever protocol brought them: kept for the next reading, given to the present one. */
export class FrameSource implements Source {
  readonly protocol: IngestProtocol;
  readonly remoteAddress: string;
  readonly #options: FrameSourceOptions;
  readonly #cache: GopCache;
  readonly #arrivals = new ArrivalMeter();
  readonly #tracksChanged = new Listeners<void>();
  #description: FrameDescription = { tracks: {}, headers: { video: undefined, audio: undefined } };
  #reading: FlvReading | undefined;
  #otherTrackWait: NodeJS.Timeout | undefined;
  #state: 'detecting' | 'ready' | 'ended' = 'detecting';
  #bytes = 0;
  #videoFrames = 0;
  #droppedFrames = 0;
  #lastKeyFrameMs: number | undefined;
  #keyFrameIntervalMs: number | undefined;
  #lastMediaAtMs: number;
  #readyAtMs = 0;
  #captionSecond = { startMs: 0, count: 0 };
  /** Wall clock at arrival minus timestamp, of the last frame. */
  #offsetMs = 0;

  constructor(options: FrameSourceOptions) {
    this.protocol = options.protocol;
    this.remoteAddress = options.remoteAddress;
    this.#options = options;
    this.#cache = new GopCache(options.limits);
    this.#lastMediaAtMs = options.now();
  }

  get tracks(): SourceTracks {
    return this.#description.tracks;
  }

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  stats(): SourceStats {
    return {
      bytes: this.#bytes,
      videoFrames: this.#videoFrames,
      droppedFrames: this.#droppedFrames + (this.#reading?.droppedFrames ?? 0),
      ...(this.#keyFrameIntervalMs !== undefined && { keyFrameIntervalMs: this.#keyFrameIntervalMs }),
      arrivals: this.#arrivals.figures,
      lastMediaAtMs: this.#lastMediaAtMs,
    };
  }

  async open({ clock = new ReadingClock(), ...start }: ReadingStart = {}): Promise<SourceReading> {
    await this.#reading?.close();
    if (this.#state === 'ended') throw new Error('the encoder has gone');
    const { tracks, headers } = this.#description;
    const reading = new FlvReading({
      tracks,
      headers,
      limits: this.#options.limits,
      now: this.#options.now,
      age: () => this.#ageMs(start) ?? 0,
      begin: () => this.#begin(start),
      zero: (timestampMs) => clock.zeroFor(timestampMs, this.#offsetMs),
      closed: () => this.#forget(reading),
    });
    this.#reading = reading;
    return reading;
  }

  /** Neither RTMP nor RTSP has a way to ask an encoder. */
  requestKeyFrame(): void {}

  onTracksChanged(listener: () => void): () => void {
    return this.#tracksChanged.add(listener);
  }

  close(reason: string): Promise<void> {
    return this.#options.disconnect(reason);
  }

  /** The encoder has gone: readings get what is left, then end. */
  end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    clearTimeout(this.#otherTrackWait);
    this.#reading?.finish();
    this.#cache.clear();
    this.#tracksChanged.clear();
  }

  /** Media came in, whole frames or parts of them. */
  countReceived(bytes: number): void {
    this.#bytes += bytes;
    this.#lastMediaAtMs = this.#options.now();
  }

  /** Pictures that were lost on the way here. */
  countDropped(frames: number): void {
    this.#droppedFrames += frames;
  }

  /** What the encoder sends, or sends from now on. */
  describe(description: FrameDescription): void {
    this.#description = description;
    if (this.#state === 'ready') this.#changeTracks();
  }

  /** No other track is to be waited for. */
  complete(): void {
    this.#becomeReady();
  }

  /** The next frame of a track that has been described. `jumped`: it does not go on where the media before it ended. */
  take(tag: MediaTag, jumped: boolean): void {
    if (this.#state === 'ended') return;
    if (jumped && this.#state === 'ready') this.#changeTracks();
    else if (jumped) this.#cache.clear();
    this.#offsetMs = this.#options.now() - tag.timestampMs;
    if (jumped) this.#beginMeasures();
    this.#arrivals.arrived(tag.kind, tag.timestampMs, this.#options.now());
    if (tag.kind === 'video') this.#countFrame(tag);
    if (this.#state === 'ready' && this.#options.now() - this.#readyAtMs >= beginningMs) this.#cache.keepLatest();
    this.#cache.add(tag, this.#description.headers.video !== undefined);
    this.#reading?.offer(tag);
    this.#waitForOtherTrack();
  }

  /** Captions beside the media, on the same line of time. */
  takeCaption(timestampMs: number, content: CaptionContent): void {
    const nowMs = this.#options.now();
    if (Math.abs(nowMs - this.#captionSecond.startMs) >= 1000) this.#captionSecond = { startMs: nowMs, count: 0 };
    if (++this.#captionSecond.count <= mostCaptionsPerSecond) this.#reading?.offerCaption(timestampMs, content);
  }

  #begin(start: ReadingStart): readonly MediaTag[] {
    const { tags } = this.#cache;
    const isFresh = this.#ageMs(start) !== undefined;
    this.#cache.keepLatest();
    return isFresh ? tags : [];
  }

  /** How much there is of the past that a reading may begin with; undefined when it is too much. */
  #ageMs(start: ReadingStart): number | undefined {
    const { spanMs } = this.#cache;
    return spanMs <= this.#oldestMs(start) ? spanMs : undefined;
  }

  /** How old a reading's first frame may be. */
  #oldestMs({ maxAgeMs = Infinity, missedMs = 0 }: ReadingStart): number {
    if (this.#options.now() - this.#readyAtMs < beginningMs) return Infinity;
    return Math.min(maxAgeMs, Math.max(repeatMs, (this.#keyFrameIntervalMs ?? 0) / 2, missedMs));
  }

  /** Times before a jump, of whichever kind, are not to be compared with those behind it. */
  #beginMeasures(): void {
    this.#arrivals.restart();
    this.#lastKeyFrameMs = undefined;
  }

  #countFrame({ timestampMs, keyFrame }: MediaTag): void {
    this.#videoFrames += 1;
    if (!keyFrame) return;
    if (this.#lastKeyFrameMs !== undefined && timestampMs > this.#lastKeyFrameMs)
      this.#keyFrameIntervalMs = timestampMs - this.#lastKeyFrameMs;
    this.#lastKeyFrameMs = timestampMs;
  }

  #waitForOtherTrack(): void {
    if (this.#state !== 'detecting' || this.#otherTrackWait) return;
    const waitMs = this.#options.limits.otherTrackSeconds * 1000;
    this.#otherTrackWait = setTimeout(() => this.#becomeReady(), waitMs);
  }

  #becomeReady(): void {
    if (this.#state !== 'detecting') return;
    this.#state = 'ready';
    this.#readyAtMs = this.#options.now();
    clearTimeout(this.#otherTrackWait);
    this.#options.ready(this);
  }

  /** What is kept and what is being read belong to the old parameters. */
  #changeTracks(): void {
    this.#cache.clear();
    this.#reading?.retire();
    this.#tracksChanged.tell();
  }

  /** Its counts stay. */
  #forget(reading: FlvReading): void {
    if (this.#reading !== reading) return;
    this.#droppedFrames += reading.droppedFrames;
    this.#reading = undefined;
  }
}
