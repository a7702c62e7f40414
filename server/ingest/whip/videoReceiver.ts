import { parseSps } from '../../media/codecs/h264.ts';
import { FrameAssembler, type VideoFrame } from '../../media/rtp/frameAssembler.ts';
import { PacketOrder, type OrderedPacket } from '../../media/rtp/packetOrder.ts';
import type { RtpPacket } from '../../media/rtp/rtpPacket.ts';
import type { SourceVideo, VideoCodec } from '../../media/track.ts';

/** H.264 parameter sets, as whole NAL units. */
export interface ParameterSets {
  readonly sps: Buffer;
  readonly pps: Buffer;
}

/** Makes whole pictures of a publisher's video packets and reads what they say of themselves. */
export class VideoReceiver {
  readonly #codec: VideoCodec;
  readonly #order = new PacketOrder();
  readonly #assembler: FrameAssembler;
  #video: SourceVideo | undefined;
  #sps: Buffer | undefined;
  #pps: Buffer | undefined;
  #frames = 0;

  constructor(codec: VideoCodec) {
    this.#codec = codec;
    this.#assembler = new FrameAssembler(codec);
  }

  /** Known with the first key frame; follows the publisher when it changes its size. */
  get video(): SourceVideo | undefined {
    return this.#video;
  }

  /** The latest ones, for publishers that do not repeat them with every key frame. */
  get parameterSets(): ParameterSets | undefined {
    return this.#sps && this.#pps && { sps: this.#sps, pps: this.#pps };
  }

  get frames(): number {
    return this.#frames;
  }

  get droppedFrames(): number {
    return this.#assembler.droppedFrames;
  }

  get needsKeyFrame(): boolean {
    return this.#assembler.needsKeyFrame;
  }

  push(packet: RtpPacket, nowMs: number): VideoFrame[] {
    return this.#assemble(this.#order.push(packet, nowMs));
  }

  /** Time passes without video packets. */
  flush(nowMs: number): VideoFrame[] {
    return this.#assemble(this.#order.flush(nowMs));
  }

  #assemble(packets: readonly OrderedPacket[]): VideoFrame[] {
    if (packets.length === 0) return [];
    const frames = packets.flatMap((packet) => this.#assembler.push(packet));
    for (const frame of frames) this.#read(frame);
    return frames;
  }

  #read(frame: VideoFrame): void {
    this.#frames += 1;
    if (!frame.keyFrame) return;
    if (this.#codec === 'vp8') {
      if (frame.width && frame.height) this.#setSize(frame.width, frame.height);
      return;
    }
    if (frame.pps) this.#pps = frame.pps;
    if (!frame.sps || (this.#sps && frame.sps.equals(this.#sps))) return;
    try {
      const { width, height, frameRate } = parseSps(frame.sps);
      this.#sps = frame.sps;
      this.#setSize(width, height, frameRate);
    } catch {
      // The size stays what it was; whoever decodes will say more.
    }
  }

  #setSize(width: number, height: number, frameRate?: number): void {
    this.#video = { codec: this.#codec, width, height, ...(frameRate ? { frameRate } : {}) };
  }
}
