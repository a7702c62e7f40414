import type { VideoCodec } from '../track.ts';
import { readH264Payload } from './h264Payload.ts';
import type { OrderedPacket } from './packetOrder.ts';
import type { RtpPacket } from './rtpPacket.ts';
import { readVp8Start } from './vp8Payload.ts';

/** A whole picture in its packets. */
export interface VideoFrame {
  readonly timestamp: number;
  readonly packets: readonly RtpPacket[];
  readonly bytes: number;
  readonly keyFrame: boolean;
  /** H.264: the parameter sets it brings, as whole NAL units. */
  readonly sps?: Buffer;
  readonly pps?: Buffer;
  /** VP8 key frames: their size. */
  readonly width?: number;
  readonly height?: number;
}

/** A picture larger than this is not one. */
const maximumBytes = 16 * 1024 * 1024;
const maximumPackets = 16_384;
/** Parameter sets waiting for their picture take no more packets than this. */
const maximumPrefix = 64;

interface Assembly {
  readonly timestamp: number;
  packets: RtpPacket[];
  bytes: number;
  /** It has picture data, not only parameter sets. */
  picture: boolean;
  keyFrame: boolean;
  sps?: Buffer;
  pps?: Buffer;
  width?: number;
  height?: number;
}

/**
 * Gathers packets into pictures. One that lost a packet is not passed on, nor any after it until the next key frame:
 * a short freeze instead of a broken picture.
 */
export class FrameAssembler {
  readonly #codec: VideoCodec;
  #assembly: Assembly | undefined;
  /** Parameter sets sent as a "picture" of their own: they belong to the one that follows. */
  #prefix: Assembly | undefined;
  #incompleteTimestamp: number | undefined;
  #needsKeyFrame = true;
  #dropped = 0;

  constructor(codec: VideoCodec) {
    this.#codec = codec;
  }

  /** Pictures that were not passed on because of a loss. */
  get droppedFrames(): number {
    return this.#dropped;
  }

  /** A key frame must come before anything can be passed on. */
  get needsKeyFrame(): boolean {
    return this.#needsKeyFrame;
  }

  /** Returns the pictures that this packet completes: none, one, or two. */
  push({ packet, lost }: OrderedPacket): VideoFrame[] {
    const frames: VideoFrame[] = [];
    if (lost > 0) this.#lose(packet);
    if (this.#assembly && this.#assembly.timestamp !== packet.timestamp) frames.push(...this.#complete());
    if (packet.timestamp === this.#incompleteTimestamp) return frames;
    this.#incompleteTimestamp = undefined;
    if (packet.payload.length > 0) this.#add(packet);
    if (packet.marker) frames.push(...this.#complete());
    return frames;
  }

  /** What was being gathered misses something, and so does the packet's own picture unless it begins with it. */
  #lose(packet: RtpPacket): void {
    if (this.#assembly) this.#drop();
    this.#prefix = undefined;
    this.#needsKeyFrame = true;
    if (packet.timestamp === this.#incompleteTimestamp || packet.payload.length === 0) return;
    if (this.#beginsPicture(packet)) return;
    this.#incompleteTimestamp = packet.timestamp;
    this.#dropped += 1;
  }

  #drop(): void {
    this.#dropped += 1;
    this.#incompleteTimestamp = this.#assembly?.timestamp;
    this.#assembly = undefined;
    this.#needsKeyFrame = true;
  }

  #beginsPicture({ payload }: RtpPacket): boolean {
    return this.#codec === 'vp8' ? readVp8Start(payload) !== undefined : readH264Payload(payload).sps !== undefined;
  }

  #add(packet: RtpPacket): void {
    const assembly = (this.#assembly ??= this.#begin(packet.timestamp));
    assembly.bytes += packet.payload.length;
    assembly.packets.push(packet);
    if (assembly.bytes > maximumBytes || assembly.packets.length > maximumPackets) return this.#drop();
    if (this.#codec === 'h264') {
      const content = readH264Payload(packet.payload);
      assembly.sps ??= content.sps;
      assembly.pps ??= content.pps;
      assembly.picture ||= content.picture;
      assembly.keyFrame ||= content.idr;
    } else {
      const start = readVp8Start(packet.payload);
      assembly.picture = true;
      assembly.keyFrame ||= start?.keyFrame ?? false;
      assembly.width ??= start?.width;
      assembly.height ??= start?.height;
    }
  }

  #begin(timestamp: number): Assembly {
    const prefix = this.#prefix;
    this.#prefix = undefined;
    return prefix ? { ...prefix, timestamp } : { timestamp, packets: [], bytes: 0, picture: false, keyFrame: false };
  }

  #complete(): VideoFrame[] {
    const assembly = this.#assembly;
    if (!assembly) return [];
    this.#assembly = undefined;
    if (!assembly.picture) {
      if (assembly.packets.length <= maximumPrefix) this.#prefix = assembly;
      return [];
    }
    if (this.#needsKeyFrame && !assembly.keyFrame) {
      this.#dropped += 1;
      return [];
    }
    this.#needsKeyFrame = false;
    return [assembly];
  }
}
