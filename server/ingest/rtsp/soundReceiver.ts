import { readAacPayload } from '../../media/rtp/aacPayload.ts';
import { readLatmElement } from '../../media/rtp/latmPayload.ts';
import { type OrderedPacket, PacketOrder } from '../../media/rtp/packetOrder.ts';
import type { RtpPacket } from '../../media/rtp/rtpPacket.ts';
import type { AnnouncedAudio } from './announcement.ts';

export interface SoundUnits {
  /** RTP's, of the first one. */
  readonly timestamp: number;
  readonly units: readonly Buffer[];
}

/** One AAC frame's packets take no more than this. */
const maximumBytes = 64 * 1024;

interface Pieces {
  readonly timestamp: number;
  readonly pieces: Buffer[];
  bytes: number;
}

/** Makes access units of an encoder's AAC packets. A unit that lost a part is left out. */
export class SoundReceiver {
  readonly #format: AnnouncedAudio['format'];
  readonly #order = new PacketOrder();
  #begun: Pieces | undefined;
  /** What comes until the marker belongs to a unit whose beginning was lost. */
  #skipping = false;

  constructor(format: AnnouncedAudio['format']) {
    this.#format = format;
  }

  push(packet: RtpPacket, nowMs: number): SoundUnits[] {
    return this.#read(this.#order.push(packet, nowMs));
  }

  /** Time passes without packets. */
  flush(nowMs: number): SoundUnits[] {
    return this.#read(this.#order.flush(nowMs));
  }

  #read(packets: readonly OrderedPacket[]): SoundUnits[] {
    return packets.flatMap(({ packet, lost }) => {
      if (lost > 0 || this.#begun?.timestamp !== packet.timestamp) this.#begun = undefined;
      if (packet.payload.length === 0) return [];
      const units =
        this.#format.kind === 'latm' ? this.#readLatm(packet, lost, this.#format.units) : this.#readGeneric(packet);
      return units && units.length > 0 ? [{ timestamp: packet.timestamp, units }] : [];
    });
  }

  #readGeneric(packet: RtpPacket): readonly Buffer[] | undefined {
    if (this.#format.kind !== 'generic') return undefined;
    const content = readAacPayload(packet.payload, this.#format);
    if (content?.kind === 'units') return content.units;
    const whole = content && this.#gather(packet, content.piece);
    return whole && content && whole.length === content.unitBytes ? [whole] : undefined;
  }

  /** RFC 6416 6.3: an element begins behind a packet with the marker. */
  #readLatm(packet: RtpPacket, lost: number, units: number): readonly Buffer[] | undefined {
    if (lost > 0) this.#skipping = true;
    if (this.#skipping) {
      const whole = packet.marker ? readLatmElement(packet.payload, units) : undefined;
      this.#skipping = !packet.marker;
      return whole;
    }
    const element = this.#gather(packet, packet.payload);
    return element && readLatmElement(element, units);
  }

  #gather({ timestamp, marker }: RtpPacket, piece: Buffer): Buffer | undefined {
    if (marker && !this.#begun) return piece;
    const begun = (this.#begun ??= { timestamp, pieces: [], bytes: 0 });
    begun.pieces.push(piece);
    begun.bytes += piece.length;
    if (begun.bytes > maximumBytes || begun.pieces.length > maximumBytes / 64) this.#begun = undefined;
    if (!marker || !this.#begun) return undefined;
    this.#begun = undefined;
    return Buffer.concat(begun.pieces);
  }
}
