import { Radio, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Recording } from '../../../shared/model/entry.ts';
import { ChoiceCard } from './ChoiceCard.tsx';

const choices = [
  { value: 'off', label: 'Do not record', text: 'Only the DVR window is kept, for as long as it lasts.' },
  {
    value: 'append',
    label: 'One recording',
    text: 'Every broadcast is appended to the same recording. After 24 hours, another one begins.',
  },
  {
    value: 'perSession',
    label: 'One recording per broadcast',
    text: 'Each broadcast becomes a recording of its own, of 24 hours at most.',
  },
] as const satisfies readonly { value: Recording; label: string; text: string }[];

interface RecordingFieldProps {
  value: Recording;
  onChange: (value: Recording) => void;
  disabled?: boolean;
  error?: ReactNode;
}

export function RecordingField({ value, onChange, disabled, error }: RecordingFieldProps) {
  return (
    <Radio.Group
      label="Recording"
      description={
        disabled
          ? 'It cannot be changed while the entry is broadcasting.'
          : 'A recording is a video of its own: it stays when this entry is deleted. Afterwards, this entry’s link plays it.'
      }
      value={value}
      onChange={onChange}
      error={error}
    >
      <Stack gap="xs" mt="xs">
        {choices.map((choice) => (
          <ChoiceCard key={choice.value} value={choice.value} label={choice.label} disabled={disabled}>
            <Text size="sm" c="dimmed">
              {choice.text}
            </Text>
          </ChoiceCard>
        ))}
      </Stack>
    </Radio.Group>
  );
}
