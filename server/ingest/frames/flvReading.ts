import { Readable } from 'node:stream';
import type { CaptionContent, CaptionMessage } from '../../media/captions/captionMessage.ts';
import { flvTagTypes } from '../../media/flv/flvTag.ts';
import { flvHeader, flvMetadata, flvTag, frameFlvTag } from '../../media/flv/flvWriter.ts';
import type { SourceTracks } from '../../media/track.ts';
import type { SourceReading } from '../source.ts';
import { Fifo } from '../../media/fifo.ts';
import type { FrameLimits } from './frameLimits.ts';
import { bytesOf, type MediaTag } from './mediaTag.ts';

/** Sound this far from picture and sound before it belongs to another time base. */
const strayMs = 10_000;

export interface FlvReadingOptions {
  readonly tracks: SourceTracks;
  /** `avcC` and AudioSpecificConfig; none for MP3. */
  readonly headers: { readonly video: Buffer | undefined; readonly audio: Buffer | undefined };
  readonly limits: FrameLimits;
  readonly now: () => number;
  /** How long before now the first of the media came that `begin` would give. */
  readonly age: () => number;
  /** Media to begin with, asked for once at the start; the first picture is a key frame. */
  readonly begin: () => readonly MediaTag[];
  /** Which timestamp is to be 0, if media begin with this one; they must not begin before it. */
  readonly zero: (timestampMs: number) => number;
  readonly closed: () => void;
}

interface Waiting {
  readonly tag: MediaTag;
  readonly sinceMs: number;
}

/** A fresh FLV stream from the next key frame on, at 0 ms. Never makes the encoder wait: what a slow reader cannot take is dropped. */
export class FlvReading implements SourceReading {
  readonly inputArgs = ['-probesize', '32768', '-analyzeduration', '0', '-f', 'flv', '-i', 'pipe:0'];
  readonly stdin: Readable;
  readonly #options: FlvReadingOptions;
  #state: 'opened' | 'flowing' | 'retired' | 'ending' | 'ended' | 'closed' = 'opened';
  /** The other side wants more. */
  #wanted = false;
  readonly #waiting = new Fifo<Waiting>();
  #waitingBytes = 0;
  /** What the beginning may take beyond the limits for waiting media. */
  #allowance = { bytes: 0, tags: 0 };
  #dropping = false;
  #droppedFrames = 0;
  #zeroMs: number | undefined;
  #lastVideoMs: number | undefined;
  #lastAudioMs: number | undefined;
  #onCaption: ((caption: CaptionMessage) => void) | undefined;

  constructor(options: FlvReadingOptions) {
    this.#options = options;
    this.stdin = new Readable({
      read: () => {
        this.#wanted = true;
        this.#flow();
      },
    });
    // The reader may go away in the middle; whoever watches ffmpeg learns of it there.
    this.stdin.on('error', () => undefined);
  }

  /** Pictures the reader did not get. */
  get droppedFrames(): number {
    return this.#droppedFrames;
  }

  get ageMs(): number {
    return this.#options.age();
  }

  onCaption(listener: (caption: CaptionMessage) => void): void {
    this.#onCaption = listener;
  }

  start(): void {
    if (this.#state !== 'opened') return;
    this.#state = 'flowing';
    this.#wanted = this.stdin.push(this.#preamble());
    const beginning = this.#options.begin();
    for (const tag of beginning) this.#accept(tag);
    this.#allowance = { bytes: this.#waitingBytes, tags: this.#waiting.length };
    this.#flow();
  }

  /** Media as they arrive. */
  offer(tag: MediaTag): void {
    if (this.#state !== 'flowing') return;
    if (this.#mustDrop(tag)) {
      if (tag.kind === 'video') this.#droppedFrames += 1;
      return;
    }
    this.#accept(tag);
    this.#flow();
  }

  /** Captions as they arrive; those of a time before its own are not for it. */
  offerCaption(timestampMs: number, content: CaptionContent): void {
    if (this.#state !== 'flowing' || this.#zeroMs === undefined || timestampMs < this.#zeroMs) return;
    this.#onCaption?.({ ...content, atMs: timestampMs - this.#zeroMs });
  }

  /** The media that come now are not of these tracks: it gets no more, and waits to be closed. */
  retire(): void {
    if (this.#state === 'opened' || this.#state === 'flowing') this.#state = 'retired';
  }

  /** No more media will come: what waits is still delivered, then the stream ends. */
  finish(): void {
    if (this.#state === 'ending' || this.#state === 'ended' || this.#state === 'closed') return;
    this.#state = 'ending';
    this.#flow();
  }

  close(): Promise<void> {
    if (this.#state !== 'closed') {
      this.#state = 'closed';
      this.#waiting.clear();
      this.stdin.destroy();
      this.#options.closed();
    }
    return Promise.resolve();
  }

  #preamble(): Buffer {
    const { tracks, headers } = this.#options;
    const parts = [
      flvHeader({ video: tracks.video !== undefined, audio: tracks.audio !== undefined }),
      flvMetadata({
        ...(tracks.video && { videocodecid: 7, width: tracks.video.width, height: tracks.video.height }),
        ...(tracks.video?.frameRate && { framerate: tracks.video.frameRate }),
        // FLV E.4.2.1: AAC, MP3.
        ...(tracks.audio && { audiocodecid: tracks.audio.codec === 'mp3' ? 2 : 10 }),
      }),
    ];
    // FLV E.4.3.1, E.4.2.1: AVC key frame, sequence header, no composition time; AAC, sequence header.
    if (headers.video)
      parts.push(flvTag(flvTagTypes.video, 0, Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), headers.video])));
    if (headers.audio) parts.push(flvTag(flvTagTypes.audio, 0, Buffer.concat([Buffer.of(0xaf, 0), headers.audio])));
    return Buffer.concat(parts);
  }

  /** Over the limit, everything is dropped until a key frame comes when at least half is free again. */
  #mustDrop(tag: MediaTag): boolean {
    const { readingBytes, readingTags, readingSeconds } = this.#options.limits;
    const since = this.#waiting.first?.sinceMs;
    const waitedMs = since === undefined ? 0 : this.#options.now() - since;
    const share = this.#dropping ? 0.5 : 1;
    const over =
      this.#waitingBytes > readingBytes * share + this.#allowance.bytes ||
      this.#waiting.length > readingTags * share + this.#allowance.tags ||
      waitedMs > readingSeconds * 1000 * share;
    const canResume = tag.keyFrame && (tag.kind === 'video' || !this.#options.tracks.video);
    this.#dropping = over || (this.#dropping && !canResume);
    return this.#dropping;
  }

  /** Gives the tag its place in the stream, if it has one. */
  #accept(tag: MediaTag): void {
    if (this.#zeroMs === undefined && !this.#beginsWith(tag)) return;
    this.#zeroMs ??= this.#options.zero(tag.timestampMs);
    if (tag.timestampMs < this.#zeroMs || this.#isStray(tag)) return;
    if (tag.kind === 'video') this.#lastVideoMs = tag.timestampMs;
    else this.#lastAudioMs = tag.timestampMs;
    this.#waiting.push({ tag, sinceMs: this.#options.now() });
    this.#waitingBytes += bytesOf(tag.body);
  }

  #beginsWith(tag: MediaTag): boolean {
    const begins = this.#options.tracks.video ? tag.kind === 'video' && tag.keyFrame : true;
    return begins && tag.timestampMs >= this.#options.zero(tag.timestampMs);
  }

  #isStray({ kind, timestampMs }: MediaTag): boolean {
    if (kind === 'video' || this.#lastVideoMs === undefined) return false;
    const isFar = (last: number | undefined) => last === undefined || Math.abs(timestampMs - last) > strayMs;
    return isFar(this.#lastVideoMs) && isFar(this.#lastAudioMs);
  }

  #flow(): void {
    while (this.#wanted) {
      const next = this.#waiting.shift();
      if (!next) break;
      this.#waitingBytes -= bytesOf(next.tag.body);
      this.#wanted = this.#write(next.tag);
    }
    if (this.#waiting.length > 0) return;
    this.#allowance = { bytes: 0, tags: 0 };
    if (this.#state !== 'ending') return;
    this.#state = 'ended';
    this.#wanted = false;
    this.stdin.push(null);
  }

  #write({ kind, timestampMs, body }: MediaTag): boolean {
    const { head, tail } = frameFlvTag(flvTagTypes[kind], timestampMs - (this.#zeroMs ?? 0), body.length);
    this.stdin.push(head);
    this.stdin.push(body);
    return this.stdin.push(tail);
  }
}
