import { parseAudioSpecificConfig } from '../codecs/aac.ts';

/** What a StreamMuxConfig says, as far as one AAC stream needs it. */
export interface LatmConfiguration {
  /** AudioSpecificConfig */
  readonly audioConfig: Buffer;
  /** Access units in each AudioMuxElement. */
  readonly units: number;
}

/** Reads the `config` of MP4A-LATM (ISO/IEC 14496-3 1.7.3.1); throws a RangeError for one that is not a single AAC stream. */
export function parseStreamMuxConfig(config: Buffer): LatmConfiguration {
  const [first = 0xff, second = 0xff] = config;
  // audioMuxVersion 0, allStreamsSameTimeFraming 1, numSubFrames, numProgram 0, numLayer 0
  if (config.length < 4 || first >> 6 !== 1 || (second & 0xfe) !== 0)
    throw new RangeError('the LATM configuration is not of one AAC stream');
  const aligned = Buffer.alloc(config.length - 1);
  for (let index = 0; index < aligned.length; index += 1)
    aligned[index] = (((config[index + 1] ?? 0) & 1) << 7) | ((config[index + 2] ?? 0) >> 1);
  const { objectType } = parseAudioSpecificConfig(aligned);
  // Its length is not written down: AAC-LC takes 16 bits, with SBR in front 25.
  return { audioConfig: aligned.subarray(0, objectType === 2 ? 2 : 4), units: (first & 0x3f) + 1 };
}

/** The access units of an AudioMuxElement (ISO/IEC 14496-3 1.7.3.1, PayloadLengthInfo); undefined when it is malformed. */
export function readLatmElement(element: Buffer, units: number): Buffer[] | undefined {
  const read: Buffer[] = [];
  let offset = 0;
  while (read.length < units) {
    let bytes = 0;
    let part: number | undefined;
    do {
      part = element[offset];
      if (part === undefined) return undefined;
      bytes += part;
      offset += 1;
    } while (part === 255);
    if (bytes === 0 || offset + bytes > element.length) return undefined;
    read.push(element.subarray(offset, offset + bytes));
    offset += bytes;
  }
  return read;
}
