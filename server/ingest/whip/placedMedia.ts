import type { RtpPacket } from '../../media/rtp/rtpPacket.ts';

/** A picture, or a packet of sound, with its place on the common time line. */
export interface PlacedMedia {
  readonly kind: 'audio' | 'video';
  /** Milliseconds with fractions. */
  readonly timeMs: number;
  readonly packets: readonly RtpPacket[];
  /** It can be decoded without anything before it; always true for sound. */
  readonly keyFrame: boolean;
}
