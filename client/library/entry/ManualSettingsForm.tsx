import { Stack } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import type { ManualEntry } from '../../../shared/model/entry.ts';
import { useUpdateEntry } from '../../api/entryQueries.ts';
import { fieldErrors } from '../../ui/fieldErrors.ts';
import { focusFirst } from '../../ui/focusFirst.ts';
import { notifyDone } from '../../ui/notify.ts';
import { Section } from '../../ui/Section.tsx';
import { AboutFields } from '../fields/AboutFields.tsx';
import { filledUrls, manualValuesOf, manualValuesSchema, type ManualValues } from '../fields/entryValues.ts';
import { ManualUrlFields } from '../fields/ManualUrlFields.tsx';
import { SaveBar } from './SaveBar.tsx';

export function ManualSettingsForm({ entry }: { entry: ManualEntry }) {
  const update = useUpdateEntry(entry.id);
  const form = useForm<ManualValues>({
    initialValues: manualValuesOf(entry),
    validate: schemaResolver(manualValuesSchema, { sync: true }),
  });

  const submit = (values: ManualValues) => {
    update.mutate(
      { ...values, urls: filledUrls(values.urls) },
      {
        onSuccess: () => {
          form.resetDirty(values);
          form.setInitialValues(values);
          notifyDone('Saved.');
        },
        onError: (error) => form.setErrors(fieldErrors(error) ?? {}),
      },
    );
  };

  return (
    <form onSubmit={form.onSubmit(submit, focusFirst(form))} noValidate>
      <Stack gap="md">
        <Section title="About">
          <AboutFields form={form} />
        </Section>
        <Section title="Stream addresses" description="At least one. Browsers play HLS and DASH.">
          <ManualUrlFields form={form} />
        </Section>
        <SaveBar dirty={form.isDirty()} saving={update.isPending} error={update.error} onReset={form.reset} />
      </Stack>
    </form>
  );
}
