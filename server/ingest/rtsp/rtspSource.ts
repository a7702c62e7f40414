import { aacKind, parseAudioSpecificConfig } from '../../media/codecs/aac.ts';
import type { SenderReport } from '../../media/rtp/receiverReport.ts';
import type { RtpPacket } from '../../media/rtp/rtpPacket.ts';
import type { FrameDescription } from '../frames/frameSource.ts';
import { FrameSource, type FrameSourceOptions } from '../frames/frameSource.ts';
import { bytesOf } from '../frames/mediaTag.ts';
import type { Announcement } from './announcement.ts';
import type { RtspLimits } from './limits.ts';
import { type Picture, PictureReceiver } from './pictureReceiver.ts';
import { PictureTimes } from './pictureTimes.ts';
import { SenderTimeline } from './senderTimeline.ts';
import { SoundReceiver, type SoundUnits } from './soundReceiver.ts';

export interface RtspSourceOptions extends FrameSourceOptions {
  readonly announcement: Announcement;
  readonly limits: RtspLimits;
  /** Monotonic milliseconds for arrivals. */
  readonly monotonicNow: () => number;
}

/** A frame that has its times, in ticks of its track's clock without wraps. */
interface TimedFrame {
  readonly kind: 'video' | 'audio';
  readonly shownTicks: number;
  readonly decodeTicks: number;
  readonly keyFrame: boolean;
  readonly jumped: boolean;
  /** The body of the FLV tag; a picture's without its composition time. */
  readonly body: Buffer;
  /** What this frame and those after it are decoded with, where that is new. */
  readonly describes?: Partial<FrameDescription['tracks']> & { readonly header: Buffer };
}

/** What one encoder sends over RTSP. Media wait a little at the beginning, until it is known how sound and picture belong together. */
export class RtspSource extends FrameSource {
  readonly #options: RtspSourceOptions;
  readonly #timeline: SenderTimeline;
  readonly #pictures: PictureReceiver | undefined;
  readonly #times = new PictureTimes();
  readonly #sound: SoundReceiver | undefined;
  #description: FrameDescription = { tracks: {}, headers: { video: undefined, audio: undefined } };
  /** Undefined once the media flow. */
  #waiting: TimedFrame[] | undefined = [];
  #waitingBytes = 0;
  #firstArrivalMs: number | undefined;
  #hasSound = false;
  #hasPicture = false;
  #dropped = 0;
  readonly #lastMs = { video: -Infinity, audio: -Infinity };

  constructor(options: RtspSourceOptions) {
    super(options);
    this.#options = options;
    const { video, audio } = options.announcement;
    this.#timeline = new SenderTimeline({ video: video?.clockRate ?? 90_000, audio: audio?.clockRate ?? 90_000 });
    this.#pictures = video && new PictureReceiver(video.parameterSets);
    this.#sound = audio && new SoundReceiver(audio.format);
  }

  /** An RTP packet as it arrived. */
  receive(kind: 'video' | 'audio', packet: RtpPacket): void {
    if (this.hasEnded) return;
    const nowMs = this.#options.monotonicNow();
    this.#firstArrivalMs ??= nowMs;
    this.countReceived(packet.payload.length);
    const pictures = kind === 'video' ? this.#pictures?.push(packet, nowMs) : this.#pictures?.flush(nowMs);
    const sounds = kind === 'audio' ? this.#sound?.push(packet, nowMs) : this.#sound?.flush(nowMs);
    for (const picture of pictures ?? []) this.#takePicture(picture, nowMs);
    for (const sound of sounds ?? []) this.#takeSound(sound, nowMs);
    this.#countLost();
    if (this.#waiting && this.#maySettle(nowMs)) this.#settle(this.#waiting);
  }

  receiveReport(kind: 'video' | 'audio', { rtpTimestamp, wallClockMs }: SenderReport): void {
    this.#timeline.report(kind, rtpTimestamp, wallClockMs);
  }

  #countLost(): void {
    const dropped = this.#pictures?.droppedFrames ?? 0;
    this.countDropped(dropped - this.#dropped);
    this.#dropped = dropped;
  }

  #takePicture(picture: Picture, nowMs: number): void {
    const { ticks, jumped } = this.#timeline.follow('video', picture.timestamp, nowMs);
    for (const timed of this.#times.push({ ...picture, shownTicks: ticks, jumped })) {
      const { configuration, keyFrame, body } = timed;
      // FLV E.4.3.1: AVC, key frame or not; NAL units.
      body[0] = keyFrame ? 0x17 : 0x27;
      body[1] = 1;
      this.#pass({
        kind: 'video',
        shownTicks: timed.shownTicks,
        decodeTicks: timed.decodeTicks,
        keyFrame,
        jumped: timed.jumped,
        body,
        ...(configuration && { describes: { video: configuration.video, header: configuration.avcC } }),
      });
    }
  }

  #takeSound({ timestamp, units }: SoundUnits, nowMs: number): void {
    const { audio } = this.#options.announcement;
    if (!audio) return;
    const { ticks, jumped } = this.#timeline.follow('audio', timestamp, nowMs);
    for (const [index, unit] of units.entries()) {
      const body = Buffer.allocUnsafeSlow(2 + unit.length);
      body.writeUInt16BE(0xaf01, 0); // FLV E.4.2.1: AAC, raw
      unit.copy(body, 2);
      const unitTicks = ticks + index * audio.unitTicks;
      this.#pass({
        kind: 'audio',
        shownTicks: unitTicks,
        decodeTicks: unitTicks,
        keyFrame: true,
        body,
        jumped: jumped && index === 0,
        ...(!this.#hasSound && { describes: this.#describeSound(audio.config) }),
      });
      this.#hasSound = true;
    }
  }

  #describeSound(config: Buffer): NonNullable<TimedFrame['describes']> {
    const { objectType, sampleRate, channels } = parseAudioSpecificConfig(config);
    return { audio: { codec: aacKind(objectType), sampleRate, channels }, header: config };
  }

  #pass(frame: TimedFrame): void {
    if (!this.#waiting) {
      this.#emit(frame);
      return;
    }
    this.#waiting.push(frame);
    this.#waitingBytes += bytesOf(frame.body);
    this.#hasPicture ||= frame.kind === 'video';
  }

  #maySettle(nowMs: number): boolean {
    const { announcement, limits } = this.#options;
    const isAlone = !announcement.video || !announcement.audio;
    if (!this.#waiting?.length) return false;
    if (isAlone || this.#waitingBytes > limits.gopBytes / 2) return true;
    if (this.#timeline.isAgreed && this.#hasSound && this.#hasPicture) return true;
    return nowMs - (this.#firstArrivalMs ?? nowMs) >= limits.syncSeconds * 1000;
  }

  /** What there is by now are the tracks; others may come later. */
  #settle(waiting: readonly TimedFrame[]): void {
    this.#waiting = undefined;
    for (const kind of ['video', 'audio'] as const) {
      const first = waiting.find((frame) => frame.kind === kind)?.describes;
      if (first) this.#note(kind, first);
    }
    this.describe(this.#description);
    this.complete();
    for (const frame of waiting) this.#emit(frame);
  }

  #note(kind: 'video' | 'audio', { header, ...track }: NonNullable<TimedFrame['describes']>): void {
    const { tracks, headers } = this.#description;
    this.#description = { tracks: { ...tracks, ...track }, headers: { ...headers, [kind]: header } };
  }

  #emit(frame: TimedFrame): void {
    const { kind, describes, keyFrame, jumped, body } = frame;
    if (describes && this.#description.headers[kind] !== describes.header) {
      this.#note(kind, describes);
      this.describe(this.#description);
    }
    const decodeMs = this.#timeline.place(kind, frame.decodeTicks);
    // Times that follow each other within a millisecond are still different ones.
    const timestampMs = Math.max(Math.round(decodeMs), this.#lastMs[kind] + 1);
    this.#lastMs[kind] = timestampMs;
    if (kind === 'video') {
      const shownMs = Math.round(this.#timeline.place(kind, frame.shownTicks));
      body.writeIntBE(Math.min(0x7fffff, Math.max(0, shownMs - timestampMs)), 2, 3);
    }
    this.take({ kind, timestampMs, body, keyFrame }, jumped);
  }
}
