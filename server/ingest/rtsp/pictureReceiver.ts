import { BitReader } from '../../media/codecs/bitReader.ts';
import { buildAvcConfiguration, nalType, nalTypes, parseSps, unescapeNal } from '../../media/codecs/h264.ts';
import { FrameAssembler, type VideoFrame } from '../../media/rtp/frameAssembler.ts';
import { joinNals, type NalPieces, readNals } from '../../media/rtp/h264Picture.ts';
import { type OrderedPacket, PacketOrder } from '../../media/rtp/packetOrder.ts';
import type { RtpPacket } from '../../media/rtp/rtpPacket.ts';
import type { SourceVideo } from '../../media/track.ts';

/** What pictures from this one on are decoded with. */
export interface VideoConfiguration {
  readonly avcC: Buffer;
  readonly video: SourceVideo;
  readonly reorderFrames: number | undefined;
}

export interface Picture {
  /** RTP's: when it is shown. */
  readonly timestamp: number;
  readonly keyFrame: boolean;
  /** NAL units behind their lengths, with room for the FLV header. */
  readonly body: Buffer;
  /** What came before it is not followed without a gap. */
  readonly afterLoss: boolean;
  /** Set when it is new. */
  readonly configuration?: VideoConfiguration;
}

/** FLV E.4.3.1: frame and codec, packet type, composition time. */
const flvHeaderBytes = 5;
/** FLV's length field has 24 bits. */
const maximumBodyBytes = 0xffffff - flvHeaderBytes;
const maximumPictureSets = 32;

/** Makes pictures of an encoder's H.264 packets, with the configuration that decodes them. */
export class PictureReceiver {
  readonly #order = new PacketOrder();
  readonly #assembler = new FrameAssembler('h264');
  #sps: Buffer | undefined;
  readonly #pictureSets = new Map<number, Buffer>();
  #configuration: VideoConfiguration | undefined;
  /** Malformed, or without parameter sets. */
  #unusable = 0;
  #needsKeyFrame = true;
  #droppedBefore = 0;

  constructor(parameterSets: readonly Buffer[]) {
    for (const set of parameterSets) this.#keep(nalType(set[0] ?? 0), set);
  }

  get droppedFrames(): number {
    return this.#assembler.droppedFrames + this.#unusable;
  }

  push(packet: RtpPacket, nowMs: number): Picture[] {
    return this.#assemble(this.#order.push(packet, nowMs));
  }

  /** Time passes without packets. */
  flush(nowMs: number): Picture[] {
    return this.#assemble(this.#order.flush(nowMs));
  }

  #assemble(packets: readonly OrderedPacket[]): Picture[] {
    return packets.flatMap((packet) => this.#assembler.push(packet)).flatMap((frame) => this.#read(frame) ?? []);
  }

  #read({ packets, keyFrame, timestamp, bytes }: VideoFrame): Picture | undefined {
    const nals = bytes <= maximumBodyBytes / 2 ? readNals(packets) : undefined;
    const configuration = nals && keyFrame ? this.#configure(nals) : undefined;
    if (!nals || !this.#configuration || (this.#needsKeyFrame && !keyFrame)) {
      this.#unusable += 1;
      this.#needsKeyFrame = true;
      return undefined;
    }
    this.#needsKeyFrame = false;
    const afterLoss = this.droppedFrames !== this.#droppedBefore;
    this.#droppedBefore = this.droppedFrames;
    const kept = nals.filter((nal) => !this.#isKnown(nal));
    const body = joinNals(kept, flvHeaderBytes);
    return { timestamp, keyFrame, body, afterLoss, ...(configuration && { configuration }) };
  }

  /** The configuration, when the picture brings another one than before. */
  #configure(nals: readonly NalPieces[]): VideoConfiguration | undefined {
    for (const { type, pieces } of nals)
      if (type === nalTypes.sps || type === nalTypes.pps) this.#keep(type, Buffer.concat(pieces));
    if (!this.#sps || this.#pictureSets.size === 0) return undefined;
    const avcC = Buffer.from(buildAvcConfiguration(this.#sps, ...this.#pictureSets.values()));
    if (this.#configuration?.avcC.equals(avcC)) return undefined;
    const { width, height, frameRate, reorderFrames } = parseSps(this.#sps);
    const video: SourceVideo = { codec: 'h264', width, height, ...(frameRate !== undefined && { frameRate }) };
    this.#configuration = { avcC, video, reorderFrames };
    return this.#configuration;
  }

  /** Sets that cannot be read are as if they had not come. */
  #keep(type: number, set: Buffer): void {
    try {
      if (type === nalTypes.sps && !this.#sps?.equals(set)) {
        parseSps(set);
        this.#sps = Buffer.from(set);
      } else if (type === nalTypes.pps && set.length <= 0xffff) {
        const id = new BitReader(unescapeNal(set.subarray(1, 8))).unsignedExpGolomb();
        if (
          !this.#pictureSets.get(id)?.equals(set) &&
          (this.#pictureSets.has(id) || this.#pictureSets.size < maximumPictureSets)
        )
          this.#pictureSets.set(id, Buffer.from(set));
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }

  /** It is in the configuration, or says nothing to a decoder. */
  #isKnown({ type, pieces }: NalPieces): boolean {
    if (type === nalTypes.accessUnitDelimiter || type === nalTypes.filler) return true;
    const [piece] = pieces;
    if (!piece || pieces.length > 1) return false;
    if (type === nalTypes.sps) return this.#sps?.equals(piece) ?? false;
    return type === nalTypes.pps && [...this.#pictureSets.values()].some((set) => set.equals(piece));
  }
}
