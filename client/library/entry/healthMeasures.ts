import type { HealthSample } from '../../../shared/model/health.ts';
import { formatBitrate } from '../../ui/formatBitrate.ts';

export interface HealthMeasure {
  readonly label: string;
  readonly measure: (sample: HealthSample) => number | null;
  readonly format: (value: number) => string;
  readonly atLeast: number;
}

const whole = (value: number) => String(Math.round(value));

/** What is plotted, in this order. */
export const healthMeasures: readonly HealthMeasure[] = [
  { label: 'Bitrate', measure: (sample) => sample.bitrateBps, format: formatBitrate, atLeast: 500_000 },
  { label: 'Frame rate', measure: (sample) => sample.frameRate, format: (value) => `${whole(value)} fps`, atLeast: 30 },
  {
    label: 'Key-frame interval',
    measure: (sample) => sample.keyFrameIntervalMs,
    format: (value) => `${(value / 1000).toFixed(1)} s`,
    atLeast: 4000,
  },
  { label: 'Dropped frames', measure: (sample) => sample.droppedFrames, format: whole, atLeast: 10 },
  { label: 'Viewers', measure: (sample) => sample.viewers, format: whole, atLeast: 5 },
];
