import { Stack } from '@mantine/core';
import type { ManualEntry } from '../../../shared/model/entry.ts';
import { Section } from '../../ui/Section.tsx';
import { AboutFields } from '../fields/AboutFields.tsx';
import { filledUrls, manualValuesOf, manualValuesSchema } from '../fields/entryValues.ts';
import { ManualUrlFields } from '../fields/ManualUrlFields.tsx';
import { SaveBar } from './SaveBar.tsx';
import { useSettingsForm } from './useSettingsForm.ts';

export function ManualSettingsForm({ entry }: { entry: ManualEntry }) {
  const { form, formProps, saveBarProps } = useSettingsForm(entry.id, {
    saved: manualValuesOf(entry),
    schema: manualValuesSchema,
    changeOf: (_, values) => ({ ...values, urls: filledUrls(values.urls) }),
  });

  return (
    <form {...formProps}>
      <Stack gap="md">
        <Section title="About">
          <AboutFields form={form} />
        </Section>
        <Section title="Stream addresses" description="At least one. Browsers play HLS and DASH.">
          <ManualUrlFields form={form} />
        </Section>
        <SaveBar {...saveBarProps} />
      </Stack>
    </form>
  );
}
