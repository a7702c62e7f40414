import type { HealthSample } from '../../../../shared/model/health.ts';
import { formatBitrate } from '../../../ui/formatBitrate.ts';
import type { Advice } from '../healthAdvice.ts';

/** Seconds of samples that have to agree. */
const window = 15;
const farApartMs = 300;
const unevenMs = 80;
const lateMs = 1500;
/** Of the lag over the window: slower than this it may be a clock. */
const growthMs = 300;
const varyingShare = 0.2;

type Rule = (recent: readonly HealthSample[], last: HealthSample) => Advice | undefined;

/** What the times and the arrivals of media say, the gravest first. */
export function arrivalAdvice(samples: readonly HealthSample[]): Advice[] {
  const last = samples.at(-1);
  if (!last || samples.length < window) return [];
  const recent = samples.slice(-window);
  return [slowUplink, farApart, unevenArrival, varyingFrameRate].flatMap((rule) => rule(recent, last) ?? []);
}

const slowUplink: Rule = (recent, last) => {
  const first = recent[0]?.lagMs ?? null;
  if (first === null || last.lagMs === null || last.lagMs < lateMs || last.lagMs - first < growthMs) return undefined;
  const carriedBps = middle(recent.map(({ bitrateBps }) => bitrateBps)) ?? 0;
  return {
    tone: 'warning',
    title: 'The connection carries less than the encoder sends',
    text:
      `What arrives is ${(last.lagMs / 1000).toFixed(1)} seconds late, and later all the time. About ` +
      `${formatBitrate(carriedBps)} gets through: set the encoder to ${formatBitrate(carriedBps / 1.5)} or less.`,
  };
};

const farApart: Rule = (recent) => {
  const offsetMs = middle(recent.map(({ avOffsetMs }) => avOffsetMs));
  if (offsetMs === null || Math.abs(offsetMs) <= farApartMs) return undefined;
  const [behind, other] = offsetMs > 0 ? ['sound', 'picture'] : ['picture', 'sound'];
  return {
    tone: 'warning',
    title: `The ${behind} is ${Math.round(Math.abs(offsetMs))} ms behind the ${other}`,
    text:
      `They arrive together, but the encoder stamps the ${behind} earlier. If lips and voice do not match, correct the ` +
      'offset of the microphone or of the camera in the encoder.',
  };
};

const unevenArrival: Rule = (recent) => {
  const jitterMs = middle(recent.map((sample) => sample.jitterMs));
  if (jitterMs === null || jitterMs <= unevenMs) return undefined;
  return {
    tone: 'note',
    title: `The stream arrives unevenly: ${Math.round(jitterMs)} ms of jitter`,
    text: 'It comes in bursts. A cable instead of Wi-Fi, or a line that is not shared, makes it steadier.',
  };
};

const varyingFrameRate: Rule = (recent, last) => {
  const share = middle(recent.map(({ frameIntervalVariation }) => frameIntervalVariation));
  // Browsers and phones over WebRTC always do this, and it is made good for.
  if (share === null || share <= varyingShare || last.protocol === 'whip') return undefined;
  return {
    tone: 'note',
    title: 'The frame rate varies',
    text: 'The times between pictures differ. Set the encoder to a constant frame rate, and give its machine less to do.',
  };
};

/** The median of what is known; null when nothing is. */
function middle(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
