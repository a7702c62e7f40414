import type { HealthSample } from '../../../../shared/model/health.ts';
import type { IngestSource } from '../../../../shared/model/ingestSource.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { RunningTime } from '../../../ui/RunningTime.tsx';
import { Section } from '../../../ui/Section.tsx';
import { healthAdvice } from '../healthAdvice.ts';
import { sourceFigures } from './sourceFigures.ts';
import { SourceLamp } from './SourceLamp.tsx';
import classes from './SourceSection.module.css';

interface SourceSectionProps {
  source: IngestSource;
  history: readonly HealthSample[];
  nowMs: number;
}

/** One publisher: who it is, how it does, and what to change there. */
export function SourceSection({ source, history, nowMs }: SourceSectionProps) {
  const advice = history.length > 0 ? healthAdvice(history, nowMs) : [];
  return (
    <Section
      title={sourceTitle(source)}
      description={<SourceOrigin source={source} />}
      action={<SourceLamp state={source.state} />}
    >
      <dl className={classes.figures}>
        {sourceFigures(source.health).map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {advice.length > 0 && (
        <div className={classes.advice}>
          {advice.map(({ tone, title, text }) => (
            <Notice key={title} tone={tone} title={title}>
              {text}
            </Notice>
          ))}
        </div>
      )}
    </Section>
  );
}

function SourceOrigin({ source: { protocol, remoteAddress, connectedAt } }: { source: IngestSource }) {
  return (
    <>
      {protocol.toUpperCase()} from {remoteAddress}, connected for <RunningTime startedAt={connectedAt} />
    </>
  );
}

function sourceTitle({ role, index }: IngestSource): string {
  const title = role === 'primary' ? 'Primary encoder' : 'Backup encoder';
  return index === 1 ? title : `${title}, stream ${index}`;
}
