import type { BitReader } from './bitReader.ts';

/** What a sequence parameter set says beside the picture itself. */
export interface Vui {
  /** From the timing, when it is plausible. */
  readonly frameRate?: number;
  /** max_num_reorder_frames */
  readonly reorderFrames?: number;
}

/** H.264 A.3.1: no decoder keeps more. */
const maxDpbFrames = 16;

/** Reads vui_parameters_present_flag and what follows (H.264 E.1.1); the picture is known without it, so one cut short only says less. */
export function readVui(reader: BitReader): Vui {
  let vui: Vui = {};
  try {
    if (!reader.flag()) return vui;
    skipPicture(reader);
    const frameRate = readFrameRate(reader);
    if (frameRate !== undefined) vui = { frameRate };
    const hasNalHrd = reader.flag();
    if (hasNalHrd) skipHrd(reader);
    const hasVclHrd = reader.flag();
    if (hasVclHrd) skipHrd(reader);
    if (hasNalHrd || hasVclHrd) reader.skip(1); // low_delay_hrd_flag
    reader.skip(1); // pic_struct_present_flag
    if (!reader.flag()) return vui; // bitstream_restriction_flag
    reader.skip(1); // motion_vectors_over_pic_boundaries_flag
    // max_bytes_per_pic_denom, max_bits_per_mb_denom, log2_max_mv_length_horizontal, log2_max_mv_length_vertical
    for (let field = 0; field < 4; field += 1) reader.unsignedExpGolomb();
    const reorderFrames = reader.unsignedExpGolomb();
    return reorderFrames <= maxDpbFrames ? { ...vui, reorderFrames } : vui;
  } catch {
    return vui;
  }
}

function skipPicture(reader: BitReader): void {
  if (reader.flag() && reader.bits(8) === 255) reader.skip(32); // aspect_ratio_idc, Extended_SAR
  if (reader.flag()) reader.skip(1); // overscan
  if (reader.flag()) {
    reader.skip(4); // video_format, video_full_range_flag
    if (reader.flag()) reader.skip(24); // colour description
  }
  if (reader.flag()) {
    reader.unsignedExpGolomb(); // chroma_sample_loc_type_top_field
    reader.unsignedExpGolomb(); // chroma_sample_loc_type_bottom_field
  }
}

function readFrameRate(reader: BitReader): number | undefined {
  if (!reader.flag()) return undefined;
  const unitsInTick = reader.bits(32);
  const timeScale = reader.bits(32);
  reader.skip(1); // fixed_frame_rate_flag
  const rate = timeScale / (2 * unitsInTick); // two ticks (fields) to a frame
  return rate >= 0.1 && rate <= 1000 ? rate : undefined;
}

/** hrd_parameters, H.264 E.1.2 */
function skipHrd(reader: BitReader): void {
  const count = reader.unsignedExpGolomb() + 1;
  if (count > 32) throw new RangeError('the buffering parameters are too long');
  reader.skip(8); // bit_rate_scale, cpb_size_scale
  for (let index = 0; index < count; index += 1) {
    reader.unsignedExpGolomb(); // bit_rate_value_minus1
    reader.unsignedExpGolomb(); // cpb_size_value_minus1
    reader.skip(1); // cbr_flag
  }
  reader.skip(20); // delay lengths
}
