import type { HealthSample } from './health.ts';

/** A second of a source there is nothing to say about. */
export const healthSample: HealthSample = {
  at: 0,
  protocol: 'rtmp',
  bitrateBps: 2_500_000,
  frameRate: 30,
  width: 1280,
  height: 720,
  videoCodec: 'h264',
  audioCodec: 'aac',
  keyFrameIntervalMs: 2000,
  droppedFrames: 0,
  avOffsetMs: 0,
  jitterMs: 2,
  lagMs: 5,
  frameIntervalVariation: 0,
  viewers: 3,
};
