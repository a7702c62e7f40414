import type { HealthSample } from '../../../shared/model/health.ts';
import { formatBitrate } from '../../ui/formatBitrate.ts';
import { arrivalAdvice } from './ingest/arrivalAdvice.ts';

export interface Advice {
  readonly tone: 'good' | 'note' | 'warning';
  readonly title: string;
  readonly text: string;
}

const longKeyFrameIntervalMs = 4000;
const recentSamples = 15;

/** What the last two minutes say about the publisher, and what to change there; in plain words. */
export function healthAdvice(samples: readonly HealthSample[], nowMs: number): Advice[] {
  const last = samples.at(-1);
  if (!last) return [];
  if (nowMs - last.at > 5000)
    return [
      {
        tone: 'warning',
        title: 'Nothing is arriving',
        text: `The last picture came ${Math.round((nowMs - last.at) / 1000)} seconds ago. Check the encoder and its connection.`,
      },
    ];
  const rules = [missingTrack, slowKeyFrames, droppedFrames, unsteadyBitrate, lowBitrate, lowFrameRate, changingSize];
  const found = [...rules.flatMap((rule) => rule(samples, last) ?? []), ...arrivalAdvice(samples)];
  if (found.length > 0) return found;
  return samples.length < recentSamples
    ? [{ tone: 'note', title: 'Measuring', text: 'The first advice comes after a quarter of a minute.' }]
    : [{ tone: 'good', title: 'Everything looks right', text: 'The stream arrives steadily.' }];
}

type Rule = (samples: readonly HealthSample[], last: HealthSample) => Advice | undefined;

const missingTrack: Rule = (samples, last) => {
  if (samples.length < 5 || (last.videoCodec && last.audioCodec)) return undefined;
  return last.videoCodec
    ? {
        tone: 'note',
        title: 'There is no sound',
        text: 'Only a picture arrives. If that is not meant to be, check the encoder’s audio input.',
      }
    : { tone: 'warning', title: 'There is no picture', text: 'Only sound arrives. Check the encoder’s video input.' };
};

const slowKeyFrames: Rule = (samples, last) => {
  const interval = last.keyFrameIntervalMs;
  if (interval === null && samples.length >= 10 && last.videoCodec)
    return {
      tone: 'warning',
      title: 'No key frames are arriving',
      text: 'Viewers can only join at one. Set the encoder’s key-frame interval to 2 seconds.',
    };
  if (interval === null || interval <= longKeyFrameIntervalMs) return undefined;
  return {
    tone: 'warning',
    title: `Key frames are ${(interval / 1000).toFixed(1)} seconds apart`,
    text: 'Viewers wait that long for the picture and lag behind by several times as much. Set the encoder’s key-frame interval to 2 seconds.',
  };
};

const droppedFrames: Rule = (samples) => {
  const recent = samples.slice(-30);
  const [first, last] = [recent[0], recent.at(-1)];
  if (!first || !last) return undefined;
  // A publisher that connected anew counts from 0 again.
  const dropped = Math.max(0, last.droppedFrames - first.droppedFrames);
  const frames = sum(recent.map((sample) => sample.frameRate));
  if (dropped < 5 || dropped < 0.01 * frames) return undefined;
  return {
    tone: 'warning',
    title: `${dropped} frames were lost in the last half minute`,
    text: 'The connection, or the machine that encodes, does not keep up. Lower the bitrate or the picture size, or use a cable instead of Wi-Fi.',
  };
};

const unsteadyBitrate: Rule = (samples) => {
  if (samples.length < 30) return undefined;
  // Within half a minute: an encoder that was set lower before that is steady again.
  const rates = samples.slice(-30).map((sample) => sample.bitrateBps);
  const usual = median(rates);
  if (usual < 100_000 || rates.filter((rate) => rate < usual / 2).length < 4) return undefined;
  return {
    tone: 'warning',
    title: 'The bitrate keeps falling',
    text: `It mostly is ${formatBitrate(usual)}, but again and again less than half of that. The uplink may be shared or too slow: it should carry one and a half times the bitrate.`,
  };
};

/** The lowest bitrates that look acceptable, by height. */
const leastBitrateBps = [
  [1080, 1_500_000],
  [720, 900_000],
  [540, 600_000],
  [360, 350_000],
] as const;

const lowBitrate: Rule = (samples, last) => {
  const shortSide = Math.min(last.width, last.height);
  const least = leastBitrateBps.find(([height]) => shortSide >= height)?.[1];
  // Browsers give as much as the picture needs and the line carries.
  if (!least || last.protocol === 'whip' || samples.length < recentSamples) return undefined;
  const usual = median(samples.slice(-recentSamples).map((sample) => sample.bitrateBps));
  if (usual >= least * 0.6) return undefined;
  return {
    tone: 'note',
    title: `${formatBitrate(usual)} is little for ${last.width}×${last.height}`,
    text: `If movement looks blocky, give it ${formatBitrate(least)} or more, or send a smaller picture.`,
  };
};

const lowFrameRate: Rule = (samples, last) => {
  if (samples.length < recentSamples || !last.videoCodec) return undefined;
  const rate = median(samples.slice(-recentSamples).map((sample) => sample.frameRate));
  if (rate >= 14) return undefined;
  return {
    tone: 'note',
    title: `Only ${Math.round(rate)} frames a second`,
    text: 'Movement looks jerky. Cameras slow down in dim light; encoders do when the machine is too busy.',
  };
};

const changingSize: Rule = (samples) => {
  const sizes = samples.map((sample) => `${sample.width}×${sample.height}`).filter((size) => size !== '0×0');
  const changes = sizes.filter((size, at) => at > 0 && size !== sizes[at - 1]).length;
  if (changes < 3) return undefined;
  return {
    tone: 'warning',
    title: 'The picture keeps changing its size',
    text: 'Each change interrupts viewers for a moment. The publisher’s connection is too slow for the size it chose: choose a smaller one there.',
  };
};

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
