import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import type { HealthSample } from '../../../../shared/model/health.ts';
import { Section } from '../../../ui/Section.tsx';
import { HealthGraph } from '../HealthGraph.tsx';
import { healthMeasures, type HealthMeasure } from '../healthMeasures.ts';
import { healthSeries } from '../healthSeries.ts';
import classes from './HealthGraphs.module.css';

interface HealthGraphsProps {
  samples: readonly HealthSample[];
  nowMs: number;
}

/** The last two minutes of what is on air. */
export function HealthGraphs({ samples, nowMs }: HealthGraphsProps) {
  return (
    <div className={classes.graphs}>
      {healthMeasures.map((measure) => (
        <MeasureSection key={measure.label} measure={measure} samples={samples} nowMs={nowMs} />
      ))}
    </div>
  );
}

function MeasureSection({ measure, samples, nowMs }: HealthGraphsProps & { measure: HealthMeasure }) {
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
