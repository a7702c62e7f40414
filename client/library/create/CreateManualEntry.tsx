import { Stack } from '@mantine/core';
import { FormFooter } from '../../ui/FormFooter.tsx';
import { Section } from '../../ui/Section.tsx';
import { AboutFields } from '../fields/AboutFields.tsx';
import { emptyManualValues, filledUrls, manualValuesSchema } from '../fields/entryValues.ts';
import { ManualUrlFields } from '../fields/ManualUrlFields.tsx';
import { useCreateForm } from './useCreateForm.ts';

export function CreateManualEntry() {
  const { form, formProps, footerProps } = useCreateForm({
    empty: emptyManualValues,
    schema: manualValuesSchema,
    entryOf: ({ urls, ...about }) => ({ type: 'manual', ...about, urls: filledUrls(urls) }),
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
        <FormFooter {...footerProps} />
      </Stack>
    </form>
  );
}
