import { z } from 'zod';

/** One second of a broadcast, as measured on the server. */
export const healthSampleSchema = z.object({
  /** Unix ms */
  at: z.number(),
  protocol: z.enum(['rtmp', 'rtmps', 'rtsp', 'whip']),
  /** What the publisher sent in the last second. */
  bitrateBps: z.number(),
  frameRate: z.number(),
  width: z.number(),
  height: z.number(),
  videoCodec: z.string().nullable(),
  audioCodec: z.string().nullable(),
  /** Null before the second key frame. */
  keyFrameIntervalMs: z.number().nullable(),
  /** Since the publisher connected. */
  droppedFrames: z.number(),
  /** Decoding time of the picture less that of the sound that arrive together; null without either. */
  avOffsetMs: z.number().nullable(),
  /** How irregularly media arrive, as RTP receivers measure it. RFC 3550 6.4.1 */
  jitterMs: z.number().nullable(),
  /** How much later than at its best the newest media came: it grows when the uplink carries less than is sent. */
  lagMs: z.number().nullable(),
  /** How much the time between pictures varies, as a share of it: 0 at a constant frame rate. */
  frameIntervalVariation: z.number().nullable(),
  viewers: z.number(),
});
export type HealthSample = z.infer<typeof healthSampleSchema>;
