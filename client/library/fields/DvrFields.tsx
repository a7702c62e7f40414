import { Collapse, NumberInput, Stack, Switch } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { LiveValues } from './entryValues.ts';

/** Whether viewers can go back, and how far. */
export function DvrFields({ form, disabled }: { form: UseFormReturnType<LiveValues>; disabled?: boolean }) {
  const { enabled } = form.values.dvr;
  return (
    <Stack gap="sm">
      <Switch
        label="Live DVR"
        description="Viewers can pause and go back while you broadcast."
        disabled={disabled}
        {...form.getInputProps('dvr.enabled', { type: 'checkbox' })}
      />
      <Collapse expanded={enabled}>
        <NumberInput
          label="DVR window"
          description="How far back viewers can go. It grows with the broadcast up to this. Up to 120 minutes."
          suffix=" minutes"
          min={1}
          max={120}
          clampBehavior="none"
          allowDecimal={false}
          maw={280}
          disabled={disabled}
          {...form.getInputProps('dvr.windowMinutes')}
        />
      </Collapse>
    </Stack>
  );
}
