/** What the server accepts of a browser, the best first. Retransmission and error correction come after both. */
const wanted = ['video/h264', 'video/vp8'];
const companions = ['video/rtx', 'video/red', 'video/ulpfec'];

interface Codec {
  readonly mimeType: string;
  readonly sdpFmtpLine?: string;
}

/** H.264 first (it is stored without re-encoding), then VP8, nothing the server would refuse. Empty when neither is there. */
export function preferredVideoCodecs<C extends Codec>(available: readonly C[]): C[] {
  const of = (mimeTypes: readonly string[]) =>
    mimeTypes.flatMap((mimeType) => available.filter((codec) => codec.mimeType.toLowerCase() === mimeType));
  const media = of(wanted).toSorted((a, b) => rank(a) - rank(b));
  return media.length > 0 ? [...media, ...of(companions)] : [];
}

function rank({ mimeType, sdpFmtpLine = '' }: Codec): number {
  if (mimeType.toLowerCase() !== 'video/h264') return 10;
  // RFC 6184: mode 1 fragments large pictures. Constrained baseline is what every browser can encode.
  const mode = sdpFmtpLine.includes('packetization-mode=1') ? 0 : 4;
  return mode + (/profile-level-id=42e0/i.test(sdpFmtpLine) ? 0 : 1);
}
