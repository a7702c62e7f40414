import { BitReader } from './bitReader.ts';
import { readVui } from './h264Vui.ts';

export const nalTypes = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8, accessUnitDelimiter: 9, filler: 12 } as const;

/** nal_unit_type of a NAL unit's first byte. */
export function nalType(firstByte: number): number {
  return firstByte & 0x1f;
}

/** What a sequence parameter set says of the picture. */
export interface SpsParameters {
  /** After cropping, in luma samples. */
  readonly width: number;
  readonly height: number;
  readonly profileIdc: number;
  readonly constraintFlags: number;
  readonly levelIdc: number;
  /** From the VUI's timing, when it is there and plausible. */
  readonly frameRate?: number;
  /** The most pictures that come before one in decoding order and are shown after it; undefined when not said. */
  readonly reorderFrames?: number;
}

/** Larger than any real parameter set, so that a hostile one costs little. */
const maxSpsBytes = 4096;
/** H.264 table A-1, level 6.2: no side is longer. */
const maxSide = 16_888;
/** It has no B pictures (H.264 A.2.1). */
const baselineProfile = 66;
/** Profiles whose SPS carries chroma format and scaling lists (H.264 7.3.2.1.1). */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Removes emulation_prevention_three_byte (H.264 7.4.1). */
export function unescapeNal(nal: Uint8Array): Uint8Array {
  const raw = new Uint8Array(nal.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    raw[length] = byte;
    length += 1;
  }
  return raw.subarray(0, length);
}

/** Reads a sequence parameter set, NAL header included (H.264 7.3.2.1.1); throws when it is not one. */
export function parseSps(nal: Uint8Array): SpsParameters {
  if (nal.length < 4 || nal.length > maxSpsBytes) throw new RangeError('the sequence parameter set has no valid size');
  if (nalType(nal[0] ?? 0) !== nalTypes.sps) throw new RangeError('not a sequence parameter set');
  const reader = new BitReader(unescapeNal(nal.subarray(1)));
  const profileIdc = reader.bits(8);
  const constraintFlags = reader.bits(8);
  const levelIdc = reader.bits(8);
  reader.unsignedExpGolomb(); // seq_parameter_set_id
  const { chromaFormat, separatePlanes } = readChroma(reader, profileIdc);
  reader.unsignedExpGolomb(); // log2_max_frame_num_minus4
  const outputsInOrder = readPictureOrderType(reader) === 2 || profileIdc === baselineProfile;
  reader.unsignedExpGolomb(); // max_num_ref_frames
  reader.skip(1); // gaps_in_frame_num_value_allowed_flag
  const widthInMacroblocks = reader.unsignedExpGolomb() + 1;
  const heightInMapUnits = reader.unsignedExpGolomb() + 1;
  const framesOnly = reader.flag();
  if (!framesOnly) reader.skip(1); // mb_adaptive_frame_field_flag
  reader.skip(1); // direct_8x8_inference_flag
  const crop = reader.flag() ? readCrop(reader) : { left: 0, right: 0, top: 0, bottom: 0 };
  // H.264 7.4.2.1.1: with separate planes ChromaArrayType is 0, and the units are luma samples.
  const arrayType = separatePlanes ? 0 : chromaFormat;
  const cropUnitX = arrayType === 1 || arrayType === 2 ? 2 : 1;
  const cropUnitY = (arrayType === 1 ? 2 : 1) * (framesOnly ? 1 : 2);
  const width = widthInMacroblocks * 16 - (crop.left + crop.right) * cropUnitX;
  const height = heightInMapUnits * 16 * (framesOnly ? 1 : 2) - (crop.top + crop.bottom) * cropUnitY;
  if (width < 1 || height < 1 || width > maxSide || height > maxSide)
    throw new RangeError('the picture has no valid size');
  const vui = readVui(reader);
  return {
    width,
    height,
    profileIdc,
    constraintFlags,
    levelIdc,
    ...vui,
    ...(outputsInOrder && { reorderFrames: 0 }),
  };
}

function readChroma(reader: BitReader, profileIdc: number): { chromaFormat: number; separatePlanes: boolean } {
  if (!highProfiles.has(profileIdc)) return { chromaFormat: 1, separatePlanes: false };
  const chromaFormat = reader.unsignedExpGolomb();
  if (chromaFormat > 3) throw new RangeError('the chroma format is not known');
  const separatePlanes = chromaFormat === 3 && reader.flag();
  reader.unsignedExpGolomb(); // bit_depth_luma_minus8
  reader.unsignedExpGolomb(); // bit_depth_chroma_minus8
  reader.skip(1); // qpprime_y_zero_transform_bypass_flag
  if (reader.flag()) {
    const lists = chromaFormat === 3 ? 12 : 8;
    for (let list = 0; list < lists; list += 1) if (reader.flag()) skipScalingList(reader, list < 6 ? 16 : 64);
  }
  return { chromaFormat, separatePlanes };
}

// H.264 7.3.2.1.1.1
function skipScalingList(reader: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size; index += 1) {
    if (next !== 0) next = (last + reader.signedExpGolomb() + 256) & 0xff;
    if (next !== 0) last = next;
  }
}

/** pic_order_cnt_type, behind which its fields are skipped. */
function readPictureOrderType(reader: BitReader): number {
  const type = reader.unsignedExpGolomb();
  if (type === 0) reader.unsignedExpGolomb(); // log2_max_pic_order_cnt_lsb_minus4
  if (type !== 1) return type;
  reader.skip(1); // delta_pic_order_always_zero_flag
  reader.signedExpGolomb(); // offset_for_non_ref_pic
  reader.signedExpGolomb(); // offset_for_top_to_bottom_field
  const cycle = reader.unsignedExpGolomb();
  if (cycle > 255) throw new RangeError('the picture order cycle is too long');
  for (let index = 0; index < cycle; index += 1) reader.signedExpGolomb();
  return type;
}

function readCrop(reader: BitReader) {
  const left = reader.unsignedExpGolomb();
  const right = reader.unsignedExpGolomb();
  const top = reader.unsignedExpGolomb();
  const bottom = reader.unsignedExpGolomb();
  return { left, right, top, bottom };
}

/** RFC 6381, e.g. `avc1.64001f`. */
export function avcCodecString(profileIdc: number, constraintFlags: number, levelIdc: number): string {
  return `avc1.${[profileIdc, constraintFlags, levelIdc].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** An AVCDecoderConfigurationRecord (`avcC`, ISO/IEC 14496-15 5.3.3.1). */
export interface AvcConfiguration {
  readonly sps: Uint8Array[];
  readonly pps: Uint8Array[];
  /** Bytes of the length before each NAL unit: 1, 2 or 4. */
  readonly nalLengthSize: number;
}

/** The parameter sets are views into what was given. */
export function parseAvcConfiguration(avcC: Uint8Array): AvcConfiguration {
  if (avcC.length < 7 || avcC[0] !== 1) throw new RangeError('not an AVC configuration');
  const nalLengthSize = ((avcC[4] ?? 0) & 3) + 1;
  if (nalLengthSize === 3) throw new RangeError('the NAL length size is not valid');
  let offset = 6;
  const readSets = (count: number): Uint8Array[] => {
    const sets: Uint8Array[] = [];
    for (let index = 0; index < count; index += 1) {
      if (offset + 2 > avcC.length) throw new RangeError('the AVC configuration ends too early');
      const length = ((avcC[offset] ?? 0) << 8) | (avcC[offset + 1] ?? 0);
      offset += 2;
      if (length === 0 || offset + length > avcC.length) throw new RangeError('the AVC configuration ends too early');
      sets.push(avcC.subarray(offset, offset + length));
      offset += length;
    }
    return sets;
  };
  const sps = readSets((avcC[5] ?? 0) & 0x1f);
  const ppsCount = avcC[offset];
  if (ppsCount === undefined) throw new RangeError('the AVC configuration ends too early');
  offset += 1;
  return { sps, pps: readSets(ppsCount), nalLengthSize };
}

/** With 4-byte NAL lengths, and the chroma fields the high profiles need. */
export function buildAvcConfiguration(sps: Uint8Array, ...pictureSets: Uint8Array[]): Uint8Array {
  const valid = (set: Uint8Array, least: number) => set.length >= least && set.length <= 0xffff;
  if (!valid(sps, 4) || pictureSets.length > 255 || !pictureSets.every((set) => valid(set, 1)))
    throw new RangeError('the parameter sets have no valid size');
  const sized = (set: Uint8Array) => [Uint8Array.of(set.length >> 8, set.length & 0xff), set];
  return concatenate([
    Uint8Array.of(1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1),
    ...sized(sps),
    Uint8Array.of(pictureSets.length),
    ...pictureSets.flatMap((set) => sized(set)),
    Uint8Array.from(highProfileExtension(sps)),
  ]);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function highProfileExtension(sps: Uint8Array): number[] {
  if (![100, 110, 122, 144].includes(sps[1] ?? 0)) return [];
  const reader = new BitReader(unescapeNal(sps.subarray(4, maxSpsBytes)));
  reader.unsignedExpGolomb(); // seq_parameter_set_id
  const chromaFormat = reader.unsignedExpGolomb();
  if (chromaFormat === 3) reader.skip(1); // separate_colour_plane_flag
  const lumaDepth = reader.unsignedExpGolomb();
  const chromaDepth = reader.unsignedExpGolomb();
  return [0xfc | (chromaFormat & 3), 0xf8 | (lumaDepth & 7), 0xf8 | (chromaDepth & 7), 0];
}
