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
  viewers: z.number(),
});
export type HealthSample = z.infer<typeof healthSampleSchema>;
