import { Stack, useComputedColorScheme } from '@mantine/core';
import { IconActivityHeartbeat } from '@tabler/icons-react';
import { useMemo } from 'react';
import { isBroadcasting } from '../../../shared/model/state.ts';
import type { HealthSample } from '../../../shared/model/health.ts';
import { useEntryHealth } from '../../api/useEntryHealth.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Section } from '../../ui/Section.tsx';
import { useNow } from '../../ui/useNow.ts';
import { useLiveEntryOfPage } from './entryContext.ts';
import { FailureNotice } from './FailureNotice.tsx';
import { healthAdvice } from './healthAdvice.ts';
import { HealthGraph } from './HealthGraph.tsx';
import { healthMeasures, type HealthMeasure } from './healthMeasures.ts';
import { HealthNumbers } from './HealthNumbers.tsx';
import { healthSeries } from './healthSeries.ts';
import classes from './HealthTab.module.css';

/** How well the stream arrives, now and over the last two minutes. */
export function HealthTab() {
  const entry = useLiveEntryOfPage();
  const { samples, failure, refusal } = useEntryHealth(entry.id);
  const broadcasting = isBroadcasting(entry.state);
  const now = useNow(1000, broadcasting);
  const lastFailure = failure ?? entry.lastFailure;
  if (refusal)
    return (
      <Notice tone="problem" title="The health of this entry cannot be shown">
        {refusal}
      </Notice>
    );
  if (samples.length === 0 && !broadcasting)
    return (
      <EmptyState icon={<IconActivityHeartbeat size={44} stroke={1.3} />} title="Nothing to measure yet">
        While the entry is on air, this page shows how well the stream arrives: bitrate, frame rate, key frames, dropped
        frames and viewers, with advice when something is not right.
      </EmptyState>
    );
  // The server's clock stamps the samples; drawing by its newest stamp keeps a wrong clock here from mattering.
  const last = samples.at(-1);
  const drawnAt = last ? Math.max(last.at, Math.min(now, last.at + 10_000)) : now;
  return (
    <Stack gap="md">
      {broadcasting && (
        <div className={classes.advice}>
          {healthAdvice(samples, drawnAt).map((advice) => (
            <Notice key={advice.title} tone={advice.tone} title={advice.title}>
              {advice.text}
            </Notice>
          ))}
        </div>
      )}
      {lastFailure && <FailureNotice failure={lastFailure} />}
      <HealthNumbers sample={broadcasting ? last : undefined} />
      <div className={classes.graphs}>
        {healthMeasures.map((measure) => (
          <MeasureSection key={measure.label} measure={measure} samples={samples} nowMs={drawnAt} />
        ))}
      </div>
    </Stack>
  );
}

interface MeasureSectionProps {
  measure: HealthMeasure;
  samples: readonly HealthSample[];
  nowMs: number;
}

function MeasureSection({ measure, samples, nowMs }: MeasureSectionProps) {
  const scheme = useComputedColorScheme('light');
  const series = useMemo(() => healthSeries(samples, measure.measure), [samples, measure]);
  return (
    <Section title={measure.label}>
      <HealthGraph
        key={scheme}
        series={series}
        format={measure.format}
        label={measure.label}
        atLeast={measure.atLeast}
        nowMs={nowMs}
      />
    </Section>
  );
}
