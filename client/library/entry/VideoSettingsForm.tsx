import { Stack } from '@mantine/core';
import type { VideoEntry } from '../../../shared/model/entry.ts';
import { Section } from '../../ui/Section.tsx';
import { AboutFields } from '../fields/AboutFields.tsx';
import { changedValues, videoValuesOf, videoValuesSchema } from '../fields/entryValues.ts';
import { RetentionField } from '../fields/RetentionField.tsx';
import { SaveBar } from './SaveBar.tsx';
import { useSettingsForm } from './useSettingsForm.ts';

export function VideoSettingsForm({ entry }: { entry: VideoEntry }) {
  const { form, formProps, saveBarProps } = useSettingsForm(entry.id, {
    saved: videoValuesOf(entry),
    schema: videoValuesSchema,
    changeOf: changedValues,
  });

  return (
    <form {...formProps}>
      <Stack gap="md">
        <Section title="About">
          <AboutFields form={form} />
        </Section>
        <Section title="Storage">
          <RetentionField
            label="Keep this video"
            description="Counted from when it was made. What was cut out of it stays."
            value={form.values.retentionDays}
            onChange={(value) => form.setFieldValue('retentionDays', value)}
            error={form.errors.retentionDays}
          />
        </Section>
        <SaveBar {...saveBarProps} />
      </Stack>
    </form>
  );
}
