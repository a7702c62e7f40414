import { Group, Input, NumberInput, SegmentedControl } from '@mantine/core';
import { useId, type ReactNode } from 'react';

const usualDays = 30;

interface RetentionFieldProps {
  label: string;
  description: string;
  /** Null: until it is deleted. */
  value: number | null;
  onChange: (value: number | null) => void;
  error?: ReactNode;
}

/** How long a video is kept. */
export function RetentionField({ label, description, value, onChange, error }: RetentionFieldProps) {
  const id = useId();
  return (
    <Input.Wrapper label={label} description={description} error={error} labelProps={{ id }} labelElement="div">
      <Group gap="sm" mt={6}>
        <SegmentedControl
          aria-labelledby={id}
          value={value === null ? 'always' : 'days'}
          onChange={(choice) => onChange(choice === 'days' ? usualDays : null)}
          data={[
            { value: 'always', label: 'Until deleted' },
            { value: 'days', label: 'For a time' },
          ]}
        />
        {value !== null && (
          <NumberInput
            aria-label={`${label}: days`}
            value={value}
            onChange={(days) => onChange(typeof days === 'number' ? days : 1)}
            min={1}
            max={3650}
            clampBehavior="strict"
            allowDecimal={false}
            suffix={value === 1 ? ' day' : ' days'}
            w={130}
          />
        )}
      </Group>
    </Input.Wrapper>
  );
}
