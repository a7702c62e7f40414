import { useEntryHealth } from '../api/useEntryHealth.ts';
import { codecName } from '../ui/codecName.ts';
import { formatBitrate } from '../ui/formatBitrate.ts';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import classes from './GoLivePage.module.css';
import type { Publisher, PublishState } from './publish/publisher.ts';
import { uplinkAdvice } from './publish/uplink.ts';
import { useUplink } from './publish/useUplink.ts';

interface AirStatsProps {
  entryId: string;
  publisher: Publisher;
  publish: PublishState;
}

/** What leaves this machine, and who is watching. */
export function AirStats({ entryId, publisher, publish }: AirStatsProps) {
  const samples = useUplink(publisher, publish.phase === 'onAir');
  const { samples: health } = useEntryHealth(entryId);
  const last = samples.at(-1);
  const advice = uplinkAdvice(samples);
  return (
    <Section title="On air">
      <dl className={classes.facts}>
        <dt>Viewers</dt>
        <dd>{health.at(-1)?.viewers ?? '–'}</dd>
        <dt>Sending</dt>
        <dd>{last ? formatBitrate(last.bitrateBps) : '–'}</dd>
        <dt>Picture</dt>
        <dd>{last?.width ? `${last.width}×${last.height}` : '–'}</dd>
        <dt>Frame rate</dt>
        <dd>{last ? `${Math.round(last.frameRate)} fps` : '–'}</dd>
        <dt>Codec</dt>
        <dd>{last?.codec ? codecName(last.codec) : '–'}</dd>
      </dl>
      {advice && (
        <div style={{ marginTop: 14 }}>
          <Notice tone="warning">{advice}</Notice>
        </div>
      )}
    </Section>
  );
}
