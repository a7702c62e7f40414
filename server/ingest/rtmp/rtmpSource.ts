import { refuse, type Refusal } from '../../errors.ts';
import { parseAudioBody, parseVideoBody } from '../../media/flv/flvTag.ts';
import { FrameSource, type FrameSourceOptions } from '../frames/frameSource.ts';
import type { AmfValue } from './amf/amfValue.ts';
import { readCaptionValues } from './captionValues.ts';
import { MediaClock } from './mediaClock.ts';
import { TrackDetector } from './trackDetector.ts';

export interface RtmpSourceOptions extends FrameSourceOptions {
  /** What is sent cannot be taken. */
  readonly refused: (refusal: Refusal) => void;
}

/** What one encoder sends, from its first message to its last. */
export class RtmpSource extends FrameSource {
  readonly #refused: (refusal: Refusal) => void;
  readonly #now: () => number;
  readonly #detector = new TrackDetector();
  readonly #clock = new MediaClock();

  constructor(options: RtmpSourceOptions) {
    super(options);
    this.#refused = options.refused;
    this.#now = options.now;
  }

  /** The values of a data message. */
  takeMetadata(values: readonly AmfValue[], timestamp: number): void {
    const caption = readCaptionValues(values);
    const timestampMs = this.#clock.place(timestamp);
    if (caption && timestampMs !== undefined) this.takeCaption(timestampMs, caption);
    this.#detector.readMetadata(values);
    this.#checkComplete();
  }

  takeMedia(kind: 'video' | 'audio', timestamp: number, body: Buffer): void {
    if (this.hasEnded) return;
    this.countReceived(body.length);
    const content = kind === 'video' ? parseVideoBody(body) : parseAudioBody(body);
    if (content.kind === 'configuration') this.#takeHeader(kind, content.bytes);
    else if (content.kind === 'mp3') this.#takeMp3(timestamp, body, content.bytes);
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
    if (isNew) this.#tellTracks();
  }

  #tellTracks(): void {
    this.describe({ tracks: this.#detector.tracks, headers: this.#detector.headers });
    this.#checkComplete();
  }

  #takeMp3(timestamp: number, body: Buffer, frame: Buffer): void {
    if (this.#detector.readMp3(frame)) this.#tellTracks();
    if (this.#detector.tracks.audio?.codec === 'mp3') this.#give('audio', timestamp, body, true);
  }

  #takeFrame(kind: 'video' | 'audio', timestamp: number, body: Buffer, keyFrame: boolean): void {
    if (kind === 'video' && keyFrame && this.#detector.seeKeyFrame()) this.#tellTracks();
    // Without its header, or a key frame before it, it cannot be decoded.
    if (this.#detector.headers[kind]) this.#give(kind, timestamp, body, keyFrame);
  }

  #give(kind: 'video' | 'audio', timestamp: number, body: Buffer, keyFrame: boolean): void {
    const { timestampMs, jumped } = this.#clock.read(kind, timestamp, this.#now());
    this.take({ kind, timestampMs, body, keyFrame }, jumped);
  }

  #checkComplete(): void {
    if (this.#detector.isComplete) this.complete();
  }

  #refuseCodec(what: string): void {
    this.#refused(refuse('unsupportedCodec', `${what}; send H.264 and AAC or MP3.`));
  }
}
