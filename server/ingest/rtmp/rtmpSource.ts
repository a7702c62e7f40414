import { parseAudioBody, parseVideoBody } from '../../media/flv/flvTag.ts';
import type { SourceTracks } from '../../media/track.ts';
import { refuse, type Refusal } from '../../errors.ts';
import type { IngestProtocol, Source, SourceReading, SourceStats } from '../source.ts';
import type { AmfValue } from './amf/amfValue.ts';
import { FlvReading } from './flvReading.ts';
import { GopCache } from './gopCache.ts';
import type { RtmpLimits } from './limits.ts';
import { MediaClock } from './mediaClock.ts';
import type { MediaTag } from './mediaTag.ts';
import { TrackDetector } from './trackDetector.ts';

export interface RtmpSourceOptions {
  readonly protocol: IngestProtocol;
  readonly remoteAddress: string;
  readonly limits: RtmpLimits;
  readonly now: () => number;
  /** Once: the tracks are known. */
  readonly ready: (source: Source) => void;
  /** What is sent cannot be taken. */
  readonly refused: (refusal: Refusal) => void;
  readonly disconnect: (reason: string) => Promise<void>;
}

/** What one encoder sends, from its first message to its last. */
export class RtmpSource implements Source {
  readonly protocol: IngestProtocol;
  readonly remoteAddress: string;
  readonly #options: RtmpSourceOptions;
  readonly #detector = new TrackDetector();
  readonly #clock = new MediaClock();
  readonly #cache: GopCache;
  readonly #listeners = new Set<() => void>();
  #reading: FlvReading | undefined;
  #otherTrackWait: NodeJS.Timeout | undefined;
  #state: 'detecting' | 'ready' | 'ended' = 'detecting';
  #bytes = 0;
  #videoFrames = 0;
  #droppedFrames = 0;
  #lastKeyFrameMs: number | undefined;
  #keyFrameIntervalMs: number | undefined;
  #lastMediaAtMs: number;

  constructor(options: RtmpSourceOptions) {
    this.protocol = options.protocol;
    this.remoteAddress = options.remoteAddress;
    this.#options = options;
    this.#cache = new GopCache(options.limits);
    this.#lastMediaAtMs = options.now();
  }

  get tracks(): SourceTracks {
    return this.#detector.tracks;
  }

  stats(): SourceStats {
    return {
      bytes: this.#bytes,
      videoFrames: this.#videoFrames,
      droppedFrames: this.#droppedFrames + (this.#reading?.droppedFrames ?? 0),
      ...(this.#keyFrameIntervalMs !== undefined && { keyFrameIntervalMs: this.#keyFrameIntervalMs }),
      lastMediaAtMs: this.#lastMediaAtMs,
    };
  }

  async open(): Promise<SourceReading> {
    await this.#reading?.close();
    if (this.#state === 'ended') throw new Error('the encoder has gone');
    const reading = new FlvReading({
      tracks: this.tracks,
      headers: this.#detector.headers,
      limits: this.#options.limits,
      now: this.#options.now,
      begin: () => this.#cache.tags,
      closed: () => this.#forget(reading),
    });
    this.#reading = reading;
    return reading;
  }

  /** RTMP has no way to ask. */
  requestKeyFrame(): void {}

  onTracksChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
    this.#listeners.clear();
  }

  takeMetadata(values: readonly AmfValue[]): void {
    this.#detector.readMetadata(values);
    this.#checkReady();
  }

  takeMedia(kind: 'video' | 'audio', timestamp: number, body: Buffer): void {
    if (this.#state === 'ended') return;
    this.#bytes += body.length;
    this.#lastMediaAtMs = this.#options.now();
    const content = kind === 'video' ? parseVideoBody(body) : parseAudioBody(body);
    if (content.kind === 'configuration') this.#takeHeader(kind, content.bytes);
    else if (content.kind === 'frame') this.#takeFrame(kind, timestamp, body, content.keyFrame);
    else if (content.kind === 'unsupported') this.#refuseCodec(`${content.codec} ${kind} is not supported`);
  }

  #takeHeader(kind: 'video' | 'audio', header: Buffer): void {
    let isNew: boolean;
    try {
      isNew = kind === 'video' ? this.#detector.readVideoHeader(header) : this.#detector.readAudioHeader(header);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#refuseCodec(`The ${kind} header cannot be read (${error.message})`);
      return;
    }
    if (!isNew) return;
    if (this.#state === 'ready') this.#changeTracks();
    else this.#checkReady();
  }

  #takeFrame(kind: 'video' | 'audio', timestamp: number, body: Buffer, keyFrame: boolean): void {
    // Without its header it cannot be decoded.
    if (!this.#detector.headers[kind]) return;
    const { timestampMs, jumped } = this.#clock.read(kind, timestamp);
    if (jumped && this.#state === 'ready') this.#changeTracks();
    else if (jumped) this.#cache.clear();
    if (kind === 'video') this.#countFrame(timestampMs, keyFrame, jumped);
    const tag: MediaTag = { kind, timestampMs, body, keyFrame };
    this.#cache.add(tag, this.#detector.headers.video !== undefined);
    this.#reading?.offer(tag);
    this.#waitForOtherTrack();
  }

  #countFrame(timestampMs: number, keyFrame: boolean, jumped: boolean): void {
    this.#videoFrames += 1;
    if (!keyFrame) return;
    if (this.#lastKeyFrameMs !== undefined && !jumped && timestampMs > this.#lastKeyFrameMs)
      this.#keyFrameIntervalMs = timestampMs - this.#lastKeyFrameMs;
    this.#lastKeyFrameMs = timestampMs;
  }

  #checkReady(): void {
    if (this.#state === 'detecting' && this.#detector.isComplete) this.#becomeReady();
  }

  #waitForOtherTrack(): void {
    if (this.#state !== 'detecting' || this.#otherTrackWait) return;
    const waitMs = this.#options.limits.otherTrackSeconds * 1000;
    this.#otherTrackWait = setTimeout(() => this.#becomeReady(), waitMs);
  }

  #becomeReady(): void {
    if (this.#state !== 'detecting') return;
    this.#state = 'ready';
    clearTimeout(this.#otherTrackWait);
    this.#options.ready(this);
  }

  /** What is kept and what is being read belong to the old parameters. */
  #changeTracks(): void {
    this.#cache.clear();
    this.#reading?.retire();
    for (const listener of this.#listeners) listener();
  }

  /** Its counts stay. */
  #forget(reading: FlvReading): void {
    if (this.#reading !== reading) return;
    this.#droppedFrames += reading.droppedFrames;
    this.#reading = undefined;
  }

  #refuseCodec(what: string): void {
    this.#options.refused(refuse('unsupportedCodec', `${what}; send H.264 and AAC.`));
  }
}
