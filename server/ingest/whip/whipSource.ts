import { parseRtpPacket, type RtpPacket } from '../../media/rtp/rtpPacket.ts';
import { PacketOrder } from '../../media/rtp/packetOrder.ts';
import type { VideoFrame } from '../../media/rtp/frameAssembler.ts';
import type { SourceTracks, VideoCodec } from '../../media/track.ts';
import { Listeners } from '../../listeners.ts';
import type { Logger } from '../../log.ts';
import { ArrivalMeter } from '../frames/arrivalMeter.ts';
import type { Source, SourceReading, SourceStats } from '../source.ts';
import type { PlacedMedia } from './placedMedia.ts';
import { PresentationClock } from './presentationClock.ts';
import { openRtpReading, type RtpReading } from './rtpReading.ts';
import { VideoReceiver } from './videoReceiver.ts';

/** A track that was offered may come this much later than the other before it is left out for now. */
const lateTrackMs = 3000;
/** A track that falls silent for this long, while the other goes on, has gone: a camera was unplugged. */
const goneTrackMs = 10_000;
const keyFrameRetryMs = 500;
const clockRates = { audio: 48_000, video: 90_000 };

export interface WhipSourceOptions {
  readonly remoteAddress: string;
  /** What the publisher may send; it need not. */
  readonly offered: { readonly video?: VideoCodec; readonly audio: boolean };
  readonly log: Logger;
  /** Monotonic milliseconds for arrivals. */
  readonly monotonicNow: () => number;
  /** Unix ms. */
  readonly now: () => number;
  requestKeyFrame(): void;
  /** The tracks are known. Called once. */
  onReady(source: Source): void;
  disconnect(reason: string): Promise<void>;
}

/** What a WebRTC publisher sends. */
export class WhipSource implements Source {
  readonly protocol = 'whip';
  readonly remoteAddress: string;
  readonly #options: WhipSourceOptions;
  readonly #clock = new PresentationClock(clockRates);
  readonly #video: VideoReceiver | undefined;
  readonly #audioOrder = new PacketOrder();
  readonly #arrivals = new ArrivalMeter();
  readonly #tracksChanged = new Listeners<void>();
  readonly #lastMs: { audio?: number; video?: number } = {};
  #present: { readonly audio: boolean; readonly video: boolean } = { audio: false, video: false };
  #ready = false;
  #lateTimer: NodeJS.Timeout | undefined;
  #reading: RtpReading | undefined;
  #ended = false;
  #bytes = 0;
  #droppedByReadings = 0;
  #lastMediaAtMs: number;
  #lastKeyFrameMs: number | undefined;
  #keyFrameIntervalMs: number | undefined;
  #keyFrameAskedMs = -Infinity;

  constructor(options: WhipSourceOptions) {
    this.#options = options;
    this.remoteAddress = options.remoteAddress;
    this.#video = options.offered.video && new VideoReceiver(options.offered.video);
    this.#lastMediaAtMs = options.now();
  }

  get tracks(): SourceTracks {
    const video = this.#present.video ? this.#video?.video : undefined;
    return {
      ...(video ? { video } : {}),
      ...(this.#present.audio ? { audio: { codec: 'opus', sampleRate: 48_000, channels: 2 } } : {}),
    };
  }

  stats(): SourceStats {
    return {
      bytes: this.#bytes,
      videoFrames: this.#video?.frames ?? 0,
      droppedFrames: (this.#video?.droppedFrames ?? 0) + this.#droppedByReadings + (this.#reading?.droppedFrames ?? 0),
      keyFrameIntervalMs: this.#keyFrameIntervalMs,
      arrivals: this.#arrivals.figures,
      lastMediaAtMs: this.#lastMediaAtMs,
    };
  }

  async open(): Promise<SourceReading> {
    if (this.#reading) {
      this.#droppedByReadings += this.#reading.droppedFrames;
      await this.#reading.close();
      this.#reading = undefined;
    }
    const reading = await openRtpReading({
      tracks: this.tracks,
      clockRates,
      now: this.#options.now,
      requestKeyFrame: () => this.#options.requestKeyFrame(),
      onBegun: () => this.#clock.hold(),
      log: this.#options.log,
    });
    this.#reading = reading;
    if (this.#ended) await reading.close();
    return reading;
  }

  requestKeyFrame(): void {
    this.#options.requestKeyFrame();
  }

  onTracksChanged(listener: () => void): () => void {
    return this.#tracksChanged.add(listener);
  }

  close(reason: string): Promise<void> {
    return this.#options.disconnect(reason);
  }

  /** The publisher has gone: whoever reads gets what there is, then the end. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#lateTimer);
    this.#reading?.finish();
    this.#tracksChanged.clear();
  }

  /** An RTP packet as it arrived. */
  receive(kind: 'audio' | 'video', bytes: Buffer): void {
    const packet = parseRtpPacket(bytes);
    if (!packet || this.#ended) return;
    const nowMs = this.#options.monotonicNow();
    this.#lastMediaAtMs = this.#options.now();
    this.#bytes += packet.payload.length;
    if (kind === 'audio') {
      for (const { packet: next } of this.#audioOrder.push(packet, nowMs)) {
        if (next.payload.length === 0) continue;
        this.#lastMs.audio = nowMs;
        const timeMs = this.#clock.place(kind, next.timestamp, nowMs);
        this.#arrivals.arrived(kind, timeMs, nowMs);
        this.#pass({ kind, timeMs, packets: [next], keyFrame: true });
      }
    }
    const frames = kind === 'video' ? this.#video?.push(packet, nowMs) : this.#video?.flush(nowMs);
    for (const frame of frames ?? []) this.#passFrame(frame, nowMs);
    this.#askForKeyFrame(nowMs);
    this.#noteTracks(nowMs);
  }

  /** The publisher's own clock, from a sender report. */
  receiveReport(kind: 'audio' | 'video', rtpTimestamp: number, wallClockMs: number): void {
    this.#clock.report(kind, rtpTimestamp, wallClockMs);
  }

  #passFrame(frame: VideoFrame, nowMs: number): void {
    const { timestamp, keyFrame } = frame;
    const timeMs = this.#clock.place('video', timestamp, nowMs);
    this.#lastMs.video = nowMs;
    this.#arrivals.arrived('video', timeMs, nowMs);
    if (keyFrame) {
      if (this.#lastKeyFrameMs !== undefined) this.#keyFrameIntervalMs = Math.round(timeMs - this.#lastKeyFrameMs);
      this.#lastKeyFrameMs = timeMs;
    }
    this.#pass({ kind: 'video', timeMs, packets: this.#withParameterSets(frame), keyFrame });
  }

  /** Some publishers send them once only; every reader needs them with its first key frame. */
  #withParameterSets({ keyFrame, sps, packets }: VideoFrame): readonly RtpPacket[] {
    const sets = this.#video?.parameterSets;
    const [first] = packets;
    if (!keyFrame || sps || !sets || !first) return packets;
    return [{ ...first, marker: false, payload: sets.sps }, { ...first, marker: false, payload: sets.pps }, ...packets];
  }

  #pass(media: PlacedMedia): void {
    this.#reading?.offer(media);
  }

  /** After a loss, and until the first picture. */
  #askForKeyFrame(nowMs: number): void {
    if (!this.#video?.needsKeyFrame || nowMs - this.#keyFrameAskedMs < keyFrameRetryMs) return;
    this.#keyFrameAskedMs = nowMs;
    this.#options.requestKeyFrame();
  }

  #noteTracks(nowMs: number): void {
    const isPresent = (lastMs: number | undefined) => lastMs !== undefined && nowMs - lastMs < goneTrackMs;
    const audio = isPresent(this.#lastMs.audio);
    const video = isPresent(this.#lastMs.video) && this.#video?.video !== undefined;
    if (audio === this.#present.audio && video === this.#present.video) return;
    this.#present = { audio, video };
    if (this.#ready) {
      this.#tracksChanged.tell();
      return;
    }
    const complete = audio === this.#options.offered.audio && video === (this.#video !== undefined);
    if (complete) this.#announce();
    else this.#lateTimer ??= setTimeout(() => this.#announce(), lateTrackMs);
  }

  #announce(): void {
    clearTimeout(this.#lateTimer);
    this.#ready = true;
    this.#options.onReady(this);
  }
}
