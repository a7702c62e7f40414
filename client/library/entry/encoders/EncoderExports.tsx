import { Chip, Group } from '@mantine/core';
import { useState } from 'react';
import type { LiveEntry } from '../../../../shared/model/entry.ts';
import { useEncoderSettings } from '../../../api/encoderQueries.ts';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { SectionSkeleton } from '../../../ui/PageSkeleton.tsx';
import { Section } from '../../../ui/Section.tsx';
import { EncoderExport } from './EncoderExport.tsx';

/** Step by step, for the encoders most people use, each with what it has to be told. */
export function EncoderExports({ entry }: { entry: LiveEntry }) {
  const settings = useEncoderSettings(entry);
  const [chosen, setChosen] = useState<string>();
  if (settings.isPending) return <SectionSkeleton rows={5} />;
  if (settings.isError)
    return (
      <ErrorState
        title="The settings for encoders could not be loaded"
        error={settings.error}
        onRetry={() => void settings.refetch()}
      />
    );
  const { items } = settings.data;
  const encoder = items.find(({ id }) => id === chosen) ?? items[0];
  return (
    <Section title="Set up an encoder" description="Choose yours; everything below is filled in for this entry.">
      <Chip.Group value={encoder?.id} onChange={setChosen}>
        <Group gap={8} mb="lg" role="radiogroup" aria-label="Encoder">
          {items.map(({ id, name }) => (
            <Chip key={id} value={id} variant="outline" size="sm">
              {name}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {encoder && <EncoderExport key={encoder.id} encoder={encoder} />}
    </Section>
  );
}
