import { BitReader } from './bitReader.ts';

/** ISO/IEC 14496-3 table 1.18 */
const sampleRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
/** Channels by channelConfiguration, ISO/IEC 14496-3 table 1.19; 0 where a program config element says it. */
const channelCounts = [0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8];

const sbrObjectType = 5;
const psObjectType = 29;

/** What an AudioSpecificConfig says of the sound that comes out. */
export interface AacParameters {
  /** 2 for AAC-LC, 5 for HE-AAC, 29 for HE-AAC v2. */
  readonly objectType: number;
  /** Hz, after spectral band replication where it is signalled. */
  readonly sampleRate: number;
  readonly channels: number;
}

/** Reads an AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1); throws when it is not one. */
export function parseAudioSpecificConfig(asc: Uint8Array): AacParameters {
  if (asc.length < 2) throw new RangeError('the audio configuration is too short');
  const reader = new BitReader(asc.subarray(0, 512));
  let objectType = readObjectType(reader);
  let sampleRate = readSampleRate(reader);
  const configuration = reader.bits(4);
  let channels = channelCounts[configuration] ?? 0;
  let core = objectType;
  if (objectType === sbrObjectType || objectType === psObjectType) {
    sampleRate = readSampleRate(reader);
    if (objectType === psObjectType) channels = 2;
    core = readObjectType(reader);
  }
  if (configuration === 0) channels = readGeneralConfig(reader, core);
  else if (core === objectType && skipGeneralConfig(reader, core)) {
    const extension = readSyncExtension(reader);
    if (extension) {
      ({ objectType } = extension);
      sampleRate = extension.sampleRate ?? sampleRate;
      if (objectType === psObjectType) channels = 2;
    }
  }
  if (sampleRate < 1000 || sampleRate > 192_000) throw new RangeError('the sample rate is not valid');
  if (channels < 1) throw new RangeError('the channel layout is not known');
  return { objectType, sampleRate, channels };
}

/** The kind of AAC, as publishers' sound is told apart. */
export function aacKind(objectType: number): 'aac' | 'heAac' | 'otherAac' {
  if (objectType === 2) return 'aac';
  return objectType === sbrObjectType || objectType === psObjectType ? 'heAac' : 'otherAac';
}

/** RFC 6381, e.g. `mp4a.40.2`. */
export function aacCodecString(objectType: number): string {
  return `mp4a.40.${objectType}`;
}

function readObjectType(reader: BitReader): number {
  const type = reader.bits(5);
  const objectType = type === 31 ? 32 + reader.bits(6) : type;
  if (objectType === 0) throw new RangeError('the audio object type is not valid');
  return objectType;
}

function readSampleRate(reader: BitReader): number {
  const index = reader.bits(4);
  const rate = index === 15 ? reader.bits(24) : sampleRates[index];
  if (rate === undefined) throw new RangeError('the sample rate is not valid');
  return rate;
}

/** GASpecificConfig, ISO/IEC 14496-3 4.4.1: true when it was there whole and the stream goes on behind it. */
function skipGeneralConfig(reader: BitReader, objectType: number): boolean {
  if (![1, 2, 3, 4, 7].includes(objectType) || reader.bitsLeft < 3) return false;
  reader.skip(1); // frameLengthFlag
  if (reader.flag()) {
    if (reader.bitsLeft < 15) return false;
    reader.skip(14); // coreCoderDelay
  }
  return !reader.flag(); // extensionFlag
}

/** Channels of a program_config_element, ISO/IEC 14496-3 4.4.1.1. */
function readGeneralConfig(reader: BitReader, objectType: number): number {
  if (!skipGeneralConfig(reader, objectType)) throw new RangeError('the channel layout is not known');
  reader.skip(10); // element_instance_tag, object_type, sampling_frequency_index
  const [front, side, back, lfe] = [reader.bits(4), reader.bits(4), reader.bits(4), reader.bits(2)];
  reader.skip(7); // num_assoc_data_elements, num_valid_cc_elements
  if (reader.flag()) reader.skip(4); // mono mixdown
  if (reader.flag()) reader.skip(4); // stereo mixdown
  if (reader.flag()) reader.skip(3); // matrix mixdown
  let channels = lfe;
  for (let element = front + side + back; element > 0; element -= 1) {
    channels += reader.flag() ? 2 : 1; // element_is_cpe
    reader.skip(4);
  }
  return channels;
}

/** SBR and PS signalled behind a plain AAC-LC configuration, for old decoders to ignore. */
function readSyncExtension(reader: BitReader): { objectType: number; sampleRate?: number } | undefined {
  if (reader.bitsLeft < 16 || reader.bits(11) !== 0x2b7) return undefined;
  if (reader.bits(5) !== sbrObjectType || reader.bitsLeft < 1 || !reader.flag()) return undefined;
  if (reader.bitsLeft < 4) return { objectType: sbrObjectType };
  const sampleRate = readSampleRate(reader);
  const hasPs = reader.bitsLeft >= 12 && reader.bits(11) === 0x548 && reader.flag();
  return { objectType: hasPs ? psObjectType : sbrObjectType, sampleRate };
}
