import type { HealthSample } from '../../../../shared/model/health.ts';
import { codecName } from '../../../ui/codecName.ts';
import { formatBitrate } from '../../../ui/formatBitrate.ts';

interface Figure {
  readonly name: string;
  readonly value: string;
}

const unknown = '–';

/** A source's newest sample, measure by measure; dashes for what is not known (yet). */
export function sourceFigures(health: HealthSample | null): Figure[] {
  const show = <T>(value: T | null | undefined, format: (value: T) => string) =>
    value == null ? unknown : format(value);
  const milliseconds = (value: number) => `${value} ms`;
  const picture = health && health.videoCodec ? health : null;
  return [
    { name: 'Picture', value: show(picture, ({ width, height }) => `${width}×${height}`) },
    { name: 'Frame rate', value: show(picture, ({ frameRate }) => `${Math.round(frameRate)} fps`) },
    { name: 'Bitrate', value: show(health?.bitrateBps, formatBitrate) },
    { name: 'Key frames every', value: show(health?.keyFrameIntervalMs, (value) => `${(value / 1000).toFixed(1)} s`) },
    { name: 'Codecs', value: show(health, ({ videoCodec, audioCodec }) => codecs(videoCodec, audioCodec)) },
    { name: 'A/V offset', value: show(health?.avOffsetMs, signed) },
    { name: 'Jitter', value: show(health?.jitterMs, milliseconds) },
    { name: 'Dropped frames', value: show(health?.droppedFrames, String) },
  ];
}

function codecs(video: string | null, audio: string | null): string {
  return (
    [video, audio]
      .map((codec) => (codec ? codecName(codec) : null))
      .join(', ')
      .replace(/^, |, $/, '') || 'none'
  );
}

/** Above zero the picture is ahead. */
function signed(milliseconds: number): string {
  return `${milliseconds > 0 ? '+' : ''}${milliseconds} ms`.replace('-', '−');
}
