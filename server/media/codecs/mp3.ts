/** Hz, by the two bits of the header; half for MPEG-2, a quarter for MPEG-2.5. */
const sampleRates = [44_100, 48_000, 32_000] as const;
const layerThree = 1;
const singleChannel = 3;

/** What the first frame of MPEG audio layer III says (ISO/IEC 11172-3 2.4.1.3); undefined when it is none. */
export function parseMp3Frame(
  frame: Uint8Array,
): { readonly sampleRate: number; readonly channels: number } | undefined {
  const [sync = 0, kind = 0, rates = 0, modes = 0] = frame;
  if (frame.length < 4 || sync !== 0xff || kind >> 5 !== 7) return undefined;
  const version = (kind >> 3) & 3;
  const base = sampleRates[(rates >> 2) & 3];
  // 1 is reserved, as are the last bitrate and the last sample rate.
  if (version === 1 || ((kind >> 1) & 3) !== layerThree || rates >> 4 === 15 || base === undefined) return undefined;
  const divisor = version === 3 ? 1 : version === 2 ? 2 : 4;
  return { sampleRate: base / divisor, channels: modes >> 6 === singleChannel ? 1 : 2 };
}
