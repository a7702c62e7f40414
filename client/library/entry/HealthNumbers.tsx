import type { ReactNode } from 'react';
import type { HealthSample } from '../../../shared/model/health.ts';
import { codecName } from '../../ui/codecName.ts';
import { formatBitrate } from '../../ui/formatBitrate.ts';
import classes from './HealthTab.module.css';

/** The newest sample in figures. */
export function HealthNumbers({ sample }: { sample: HealthSample | undefined }) {
  const rows: [string, ReactNode][] = [
    ['Bitrate', sample && formatBitrate(sample.bitrateBps)],
    ['Frame rate', sample && `${Math.round(sample.frameRate)} fps`],
    ['Picture', sample && (sample.width > 0 ? `${sample.width}×${sample.height}` : 'none')],
    ['Key frames every', sample?.keyFrameIntervalMs && `${(sample.keyFrameIntervalMs / 1000).toFixed(1)} s`],
    ['Dropped frames', sample && String(sample.droppedFrames)],
    ['Viewers', sample && String(sample.viewers)],
    ['Video, audio', sample && `${codecName(sample.videoCodec)}, ${codecName(sample.audioCodec)}`],
    ['Arrives by', sample && sample.protocol.toUpperCase()],
  ];
  return (
    <dl className={classes.numbers}>
      {rows.map(([name, value]) => (
        <div key={name} className={classes.number}>
          <dt>{name}</dt>
          <dd>{value || '–'}</dd>
        </div>
      ))}
    </dl>
  );
}
