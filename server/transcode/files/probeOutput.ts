import { z } from 'zod';

/** ffprobe writes most numbers as text, and `N/A` for what it does not know. */
const numberText = z
  .union([z.string(), z.number()])
  .transform((value) => Number(value))
  .transform((value) => (Number.isFinite(value) ? value : undefined))
  .optional();

const streamSchema = z.object({
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  profile: z.string().optional(),
  level: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  pix_fmt: z.string().optional(),
  field_order: z.string().optional(),
  has_b_frames: z.number().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  duration: numberText,
  bit_rate: numberText,
  channels: z.number().optional(),
  sample_rate: numberText,
  disposition: z.object({ attached_pic: z.number().optional() }).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
});

/** What `ffprobe -show_format -show_streams -of json` prints. */
export const probeOutputSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({ format_name: z.string(), duration: numberText, bit_rate: numberText }),
});

export type ProbeOutput = z.output<typeof probeOutputSchema>;
export type ProbedStream = z.output<typeof streamSchema>;
