import { expect, it } from 'vitest';
import type { SourceStats } from '../ingest/source.ts';
import { HealthMeter } from './healthMeter.ts';

it('gives the rates between two calls, not since the start', () => {
  let stats: SourceStats = { bytes: 1000, videoFrames: 10, droppedFrames: 0, lastMediaAtMs: 0 };
  const source = {
    protocol: 'rtmp' as const,
    tracks: { video: { codec: 'h264' as const, width: 1280, height: 720 } },
    stats: () => stats,
  };
  const meter = new HealthMeter(source, 5000);
  stats = { bytes: 251_000, videoFrames: 40, droppedFrames: 2, keyFrameIntervalMs: 2000, lastMediaAtMs: 0 };
  expect(meter.sample(6000, 3)).toMatchObject({
    bitrateBps: 2_000_000,
    frameRate: 30,
    width: 1280,
    height: 720,
    videoCodec: 'h264',
    audioCodec: null,
    keyFrameIntervalMs: 2000,
    droppedFrames: 2,
    avOffsetMs: null,
    jitterMs: null,
    viewers: 3,
  });
  expect(meter.sample(8000, 3)).toMatchObject({ bitrateBps: 0, frameRate: 0 });
});

it('tells what is known of the arrivals, rounded', () => {
  const arrivals = { avOffsetMs: -12.4, jitterMs: 3.5, lagMs: 0, frameIntervalVariation: 0.1234 };
  const source = {
    protocol: 'rtmp' as const,
    tracks: {},
    stats: () => ({ bytes: 0, videoFrames: 0, droppedFrames: 0, lastMediaAtMs: 0, arrivals }),
  };
  expect(new HealthMeter(source, 0).sample(1000, 0)).toMatchObject({
    avOffsetMs: -12,
    jitterMs: 4,
    lagMs: 0,
    frameIntervalVariation: 0.12,
  });
});
