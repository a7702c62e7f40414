import { randomBytes } from 'node:crypto';
import type { Logger } from '../../log.ts';
import { rtpPacketBytes, writeRtpPacket } from '../../media/rtp/rtpPacket.ts';
import { writeSenderReport } from '../../media/rtp/senderReport.ts';
import type { SourceTracks } from '../../media/track.ts';
import type { SourceReading } from '../source.ts';
import type { PlacedMedia } from './placedMedia.ts';
import { openRtspFeed, type RtspFeed } from './rtspFeed.ts';
import { describeTracks, type FedTrack } from './trackDescription.ts';

type Kind = 'audio' | 'video';

/** What ffmpeg may leave unread before pictures are dropped. */
const maximumBufferedBytes = 16 * 1024 * 1024;
/** Sound kept while the first key frame is on its way. */
const maximumHeldAudio = 200;
const keyFrameRetryMs = 500;
const inputOptions = [
  ['-f', 'rtsp', '-rtsp_transport', 'tcp', '-reorder_queue_size', '0'],
  ['-probesize', '5000000', '-analyzeduration', '5000000', '-fpsprobesize', '0'],
].flat();
/** Sender reports are this far apart in media time. */
const reportIntervalMs = 1000;

export interface RtpReadingOptions {
  readonly tracks: SourceTracks;
  readonly clockRates: Readonly<Record<Kind, number>>;
  /** Unix ms. */
  readonly now: () => number;
  readonly log: Logger;
  requestKeyFrame(): void;
  /** The first key frame is being passed on. */
  onBegun(): void;
}

interface OutgoingTrack extends FedTrack {
  sequence: number;
  packets: number;
  bytes: number;
  nextReportMs: number;
}

/**
 * One ffmpeg's view of a WebRTC publisher: RTP and RTCP, interleaved on one loopback connection (RFC 2326 10.12), where
 * nothing gets lost and nothing has to be guessed. RTP timestamps of both tracks count from the first key frame, and
 * the sender reports that say so go ahead of the first packet.
 */
export class RtpReading implements SourceReading {
  readonly inputArgs: readonly string[];
  readonly #options: RtpReadingOptions;
  readonly #feed: RtspFeed;
  readonly #tracks: ReadonlyMap<Kind, OutgoingTrack>;
  readonly #wallClockMs: number;
  #started = false;
  #zeroMs: number | undefined;
  #heldAudio: PlacedMedia[] = [];
  #keyFrameTimer: NodeJS.Timeout | undefined;
  #dropping = false;
  #dropped = 0;

  constructor(feed: RtspFeed, tracks: readonly FedTrack[], options: RtpReadingOptions) {
    this.#feed = feed;
    this.#options = options;
    this.#tracks = new Map(
      tracks.map((track) => [track.kind, { ...track, sequence: 0, packets: 0, bytes: 0, nextReportMs: 0 }]),
    );
    // Whole seconds have an exact NTP form, so that no report moves anything by a tick.
    this.#wallClockMs = Math.floor(options.now() / 1000) * 1000;
    // Without -fpsprobesize 0 a second of pictures would be read before the first one is passed on.
    this.inputArgs = [...inputOptions, '-i', feed.url];
  }

  /** Pictures that ffmpeg did not get because it reads too slowly. */
  get droppedFrames(): number {
    return this.#dropped;
  }

  start(): void {
    this.#started = true;
    this.#seek();
  }

  /** ffmpeg is listening. */
  play(): void {
    this.#seek();
  }

  offer(media: PlacedMedia): void {
    if (!this.#isOpen() || !this.#tracks.has(media.kind)) return;
    if (this.#zeroMs === undefined && !this.#begin(media)) return;
    this.#pass(media);
  }

  /** Nothing more will come: ffmpeg sees the end of its input. */
  finish(): void {
    clearInterval(this.#keyFrameTimer);
    this.#feed.finish();
  }

  close(): Promise<void> {
    clearInterval(this.#keyFrameTimer);
    this.#heldAudio = [];
    return this.#feed.close();
  }

  #isOpen(): boolean {
    return this.#started && this.#feed.isPlaying;
  }

  #seek(): void {
    if (!this.#isOpen() || this.#zeroMs !== undefined || !this.#tracks.has('video') || this.#keyFrameTimer) return;
    this.#options.requestKeyFrame();
    this.#keyFrameTimer = setInterval(() => this.#options.requestKeyFrame(), keyFrameRetryMs);
  }

  /** False while the beginning has not come yet. */
  #begin(media: PlacedMedia): boolean {
    if (this.#tracks.has('video') && !(media.kind === 'video' && media.keyFrame)) {
      if (media.kind === 'audio') this.#heldAudio.push(media);
      if (this.#heldAudio.length > maximumHeldAudio) this.#heldAudio.shift();
      return false;
    }
    clearInterval(this.#keyFrameTimer);
    this.#zeroMs = media.timeMs;
    this.#options.onBegun();
    for (const track of this.#tracks.values()) this.#report(track, 0);
    for (const held of this.#heldAudio) this.#pass(held);
    this.#heldAudio = [];
    return true;
  }

  #pass({ kind, timeMs, packets, keyFrame }: PlacedMedia): void {
    const track = this.#tracks.get(kind);
    const positionMs = timeMs - (this.#zeroMs ?? timeMs);
    if (!track || positionMs < 0 || this.#mustDrop(kind, keyFrame)) return;
    if (positionMs >= track.nextReportMs) this.#report(track, positionMs);
    const timestamp = Math.round((positionMs * this.#options.clockRates[kind]) / 1000);
    let length = 0;
    for (const { payload } of packets) length += 4 + rtpPacketBytes(payload);
    const bytes = Buffer.allocUnsafe(length);
    let offset = 0;
    for (const packet of packets) {
      writeInterleavedHeader(bytes, offset, track.channel, rtpPacketBytes(packet.payload));
      offset += 4;
      const { payload, marker } = packet;
      const { payloadType, ssrc, sequence } = track;
      offset += writeRtpPacket(bytes, offset, { payload, marker, payloadType, ssrc, sequence, timestamp });
      track.sequence += 1;
      track.packets += 1;
      track.bytes += payload.length;
    }
    this.#feed.write(bytes);
  }

  #report(track: OutgoingTrack, positionMs: number): void {
    const seconds = Math.floor(positionMs / reportIntervalMs);
    track.nextReportMs = (seconds + 1) * reportIntervalMs;
    const report = writeSenderReport({
      ssrc: track.ssrc,
      wallClockMs: this.#wallClockMs + seconds * reportIntervalMs,
      rtpTimestamp: (seconds * reportIntervalMs * this.#options.clockRates[track.kind]) / 1000,
      packets: track.packets,
      bytes: track.bytes,
    });
    const bytes = Buffer.allocUnsafe(4 + report.length);
    writeInterleavedHeader(bytes, 0, track.channel + 1, report.length);
    report.copy(bytes, 4);
    this.#feed.write(bytes);
  }

  /** A reader that is too slow loses whole groups of pictures, never parts. */
  #mustDrop(kind: Kind, keyFrame: boolean): boolean {
    const limit = this.#dropping ? maximumBufferedBytes / 2 : maximumBufferedBytes;
    const over = this.#feed.bufferedBytes > limit;
    const canResume = keyFrame && (kind === 'video' || !this.#tracks.has('video'));
    this.#dropping = over || (this.#dropping && !canResume);
    if (this.#dropping && kind === 'video') this.#dropped += 1;
    return this.#dropping;
  }
}

/** RFC 2326 10.12. */
function writeInterleavedHeader(target: Buffer, offset: number, channel: number, length: number): void {
  target.writeUInt8(0x24, offset);
  target.writeUInt8(channel, offset + 1);
  target.writeUInt16BE(length, offset + 2);
}

export async function openRtpReading(options: RtpReadingOptions): Promise<RtpReading> {
  const { description, tracks } = describeTracks(options.tracks, () => randomBytes(4).readUInt32BE(0));
  const feed = await openRtspFeed({
    description,
    secret: randomBytes(16).toString('hex'),
    log: options.log,
    onPlaying: () => reading.play(),
  });
  const reading = new RtpReading(feed, tracks, options);
  return reading;
}
